import { countText } from '../meridian/output/count-text.ts';
import type { Output } from '../meridian/output/schemas.ts';
import { outputs } from '../meridian/output/schemas.ts';
import { table } from '../meridian/table.ts';
import { printedBy } from './local-trail.ts';

/** What `meridian audit reconcile` found. */
export type Reconciled = Extract<Output<'audit'>, { action: 'reconcile' }>;

/** What `meridian audit baseline` found, and entered. */
export type Baseline = Extract<Output<'audit'>, { action: 'baseline' }>;

/**
 * Holds the audit trail against what the services have, as the declared client `audit-reconciliation`.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, AUDIT_UNREADABLE
 */
export async function reconciled(): Promise<Reconciled> {
  const found = (await printedBy('audit-reconciliation')) as object;
  return outputs.audit.parse({ action: 'reconcile', ...found }) as Reconciled;
}

/**
 * Counts the histories that lack their beginning and, if told to, enters what their aggregates are now, as the
 * declared client `audit-baseline`.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, AUDIT_UNREADABLE
 */
export async function baselined(enter: boolean): Promise<Baseline> {
  const outcome = (await printedBy('audit-baseline', enter ? 'enter' : 'count')) as object;
  return outputs.audit.parse({ action: 'baseline', dryRun: !enter, ...outcome }) as Baseline;
}

/** Discrepancies that somebody is shown; `--json` names more. */
const SHOWN_MAX = 50;

export function reconciledText(found: Reconciled): string {
  const { kinds, discrepancies, discrepancyCount, withoutBeginning } = found;
  const further = discrepancyCount - SHOWN_MAX;
  return [
    table(
      ['SERVICE', 'KIND', 'AGGREGATES', 'ENTRIES'],
      kinds.map(({ service, kind, aggregates, entries }) => [
        ...[service, kind, countText(aggregates), countText(entries)],
      ]),
    ),
    ...(discrepancyCount === 0
      ? ['The trail says what the services have.']
      : [
          table(
            ['SERVICE', 'WHAT', 'MUST HOLD', 'FOUND'],
            discrepancies
              .slice(0, SHOWN_MAX)
              .map(({ service, about, rule, found: what }) => [service, about, rule, what]),
          ),
          ...(further > 0 ? [`and ${countText(further)} more`] : []),
          `${countText(discrepancyCount)} ${discrepancyCount === 1 ? 'does' : 'do'} not hold.`,
        ]),
    ...(withoutBeginning === 0
      ? []
      : [
          `${withoutBeginning === 1 ? '1 history lacks its' : `${countText(withoutBeginning)} histories lack their`} beginning: if it is from before the audit trail, 'npm run audit -- baseline' enters what there is now.`,
        ]),
    '',
  ].join('\n');
}

export function baselineText({ dryRun, headless, entered }: Baseline): string {
  const rows = headless.map(({ service, kind, aggregates }) => [
    service,
    kind,
    countText(aggregates),
  ]);
  return [
    ...(rows.length === 0
      ? ['Every history has its beginning.']
      : [table(['SERVICE', 'KIND', 'WITHOUT BEGINNING'], rows)]),
    ...(rows.length > 0 && dryRun
      ? ['Nothing was entered: the same with --yes enters what they are now, for good.']
      : []),
    ...(dryRun ? [] : [`${countText(entered)} entered.`]),
    '',
  ].join('\n');
}
