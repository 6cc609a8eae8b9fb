import { CodedError } from '@meridian/language/coded-error.ts';
import { refuseUnknownStack } from '../../../stacks/stacks.ts';
import { localStack } from '../places.ts';
import { withSession } from '../session.ts';
import type { Settings } from '../stack-config.ts';

/** Options of `npm run preview`. */
export interface PreviewOptions {
  readonly stack: string;
  readonly base?: string;
  readonly json?: boolean;
  readonly diff?: boolean;
  readonly config?: Settings;
}

/** Whether a stack is rehearsed: it is not on this machine. Throws CodedError STACK_UNKNOWN. */
export function isRehearsed(stack: string): boolean {
  refuseUnknownStack(stack);
  return stack !== localStack;
}

/**
 * Shows what a deployment would change: on this machine Pulumi's own preview, elsewhere a rehearsal.
 * Throws CodedError PREVIEW_OPTION_UNUSABLE for an option of the other one.
 */
export async function preview(options: PreviewOptions): Promise<number> {
  const { stack } = options;
  const rehearsed = isRehearsed(stack);
  const foreign = (['base', 'json', 'diff'] as const).find(
    (option) => options[option] !== undefined && (option === 'diff') === rehearsed,
  );
  if (foreign !== undefined) {
    throw new CodedError(
      'PREVIEW_OPTION_UNUSABLE',
      `Option '--${foreign}': must be for a stack that is ${foreign === 'diff' ? 'on this machine' : 'rehearsed'}, got stack '${stack}'; leave it out, or choose another stack with --stack`,
    );
  }
  if (!rehearsed) return await previewLocal(options);
  const { previewRehearsed } = await import('./preview-rehearsed.ts');
  return await previewRehearsed(options);
}

/** Shows what `npm start` would change: Pulumi's own preview. */
async function previewLocal(options: PreviewOptions): Promise<number> {
  return await withSession(
    "'npm run preview'",
    { quiet: false, given: { settings: options.config ?? {}, once: true } },
    async ({ stack }) => {
      const flags = options.diff === true ? ['--diff'] : [];
      return (await stack.interactive(['preview', ...flags], { quiet: false })).exitCode;
    },
  );
}

/** Reads what really is into the state and shows where it differs: Pulumi's own refresh. */
export async function refresh(): Promise<number> {
  return await withSession("'npm run refresh'", { quiet: false }, async ({ stack }) => {
    const end = await stack.interactive(['refresh', '--yes', '--skip-preview'], { quiet: false });
    return end.exitCode;
  });
}
