import { withSession } from '../session.ts';
import type { Settings } from '../stack-config.ts';

/** Options of `npm run preview`. */
export interface PreviewOptions {
  readonly diff?: boolean;
  readonly config?: Settings;
}

/** Shows what `npm start` would change: Pulumi's own preview. */
export async function preview(options: PreviewOptions): Promise<number> {
  return await withSession(
    "'npm run preview'",
    { quiet: false, given: { settings: options.config ?? {}, once: true } },
    ({ stack }) =>
      stack.interactive(['preview', ...(options.diff === true ? ['--diff'] : [])], {
        quiet: false,
      }),
  );
}

/** Reads what really is into the state and shows where it differs: Pulumi's own refresh. */
export async function refresh(): Promise<number> {
  return await withSession("'npm run refresh'", { quiet: false }, ({ stack }) =>
    stack.interactive(['refresh', '--yes', '--skip-preview'], { quiet: false }),
  );
}
