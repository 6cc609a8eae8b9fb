import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { LiveFile } from '@meridian/kit/live-file.ts';
import type { Colour } from '@meridian/kit/release/colour.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';

/**
 * Where a gateway may find how many percent of the callers go to the releases that are not promoted
 * yet, relative to its working folder: a number from 0 to 100, read again when it changes.
 */
export const PREVIEW_SHARE_FILE = 'canary/preview-percent';

/** Who goes to the preview while there is no file. */
export const DEFAULT_PREVIEW_PERCENT = 0;

const PERCENT = /^\d{1,3}(\.\d{1,2})?$/;

/** Draws the colour of each request, so that a caller keeps theirs while the share stays. */
export interface ColourDraw {
  /** @param caller who asks, as the rate limits know them */
  colourOf(caller: string): Colour;
}

/**
 * Follows the share until the process leaves. A text that is not a share changes nothing and never
 * stops a gateway: a mistyped share must not take the edge away.
 */
export function openPreviewShare({
  workingFolder,
  log,
  onRelease,
}: Pick<Runtime, 'workingFolder' | 'log' | 'onRelease'>): ColourDraw {
  const path = resolve(workingFolder, PREVIEW_SHARE_FILE);
  const file = new LiveFile(path, {
    initial: DEFAULT_PREVIEW_PERCENT,
    parse: (text) => readPercent(path, text),
    changed: (percent) => log.info({ percent }, 'another share of callers goes to the preview'),
    failed: (err) => log.error({ err }, 'the share of the preview was not taken over'),
  });
  onRelease('preview share', () => file.close());
  return {
    colourOf: (caller) => (positionOf(caller) < file.current ? 'preview' : 'active'),
  };
}

/**
 * Where a caller stands among all, from 0 up to 100: the same in every gateway and at every time, so
 * that a growing share only adds callers and a shrinking one only takes them back.
 */
export function positionOf(caller: string): number {
  return (createHash('sha256').update(caller).digest().readUInt32BE() / 2 ** 32) * 100;
}

function readPercent(path: string, text: string | undefined): number {
  if (text === undefined) return DEFAULT_PREVIEW_PERCENT;
  const percent = PERCENT.test(text) ? Number(text) : NaN;
  if (percent <= 100) return percent;
  throw new Error(
    `Share of the preview: must be 0 to 100 percent, at most two decimals, got '${text}' in ${path}`,
  );
}
