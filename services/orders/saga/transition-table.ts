import { markdownTable } from '@meridian/language/markdown-table.ts';
import { PHASES, PHASE_NAMES } from './phases.ts';
import { TRANSITIONS } from './transitions.ts';
import type { Transition } from './transitions.ts';

/** Markers around the tables in docs/orders.md. */
export const DRAWN = [
  '<!-- drawn by services/orders/saga/transition-table.ts -->',
  '<!-- end -->',
] as const;

/** The tables of docs/orders.md, drawn from the data that the saga runs on. */
export function drawTables(): string {
  const phases = PHASE_NAMES.map((phase) => [
    `\`${phase}\``,
    PHASES[phase].status,
    PHASES[phase].waitsFor,
  ]);
  const transitions = TRANSITIONS.map((each) => [
    `\`${each.in}\``,
    each.on,
    each.to === each.in ? '' : `\`${each.to}\``,
    each.asks.join(', '),
    each.drops.join(', '),
    causeOf(each),
  ]);
  const races = TRANSITIONS.flatMap(({ in: phase, on, race }) =>
    race === undefined ? [] : [[`\`${phase}\``, on, race]],
  );
  return [
    markdownTable(['phase', 'status', 'waits for'], phases),
    '## What it does about what becomes known',
    markdownTable(['in', 'when', 'goes to', 'asks for', 'drops', 'cause'], transitions),
    '## What can race',
    markdownTable(['in', 'when', 'why this is right'], races),
  ].join('\n\n');
}

function causeOf({ cause }: Transition): string {
  if (cause === 'given') return 'as given';
  return cause ?? '';
}
