import { test } from '@jest/globals';
import { cacheFolder } from '../../../tools/engines/cache.ts';
import { missingTelemetry } from '../../../tools/engines/telemetry-programs.ts';
import { programFolder } from '../platform-under-test.ts';
import type { Story } from '../story.ts';
import { tellOfTelemetry } from '../telemetry/telemetry-story.ts';

const missing = missingTelemetry(programFolder, cacheFolder());

/** What has watched all stories before this one tells of them. */
export const telemetry: Story = {
  title: 'somebody on call',
  tell: ({ platform }) => {
    if (missing.length === 0) tellOfTelemetry(() => platform);
    else test.skip(`asks telemetry (not built here: ${missing.join(', ')})`, () => undefined);
  },
};
