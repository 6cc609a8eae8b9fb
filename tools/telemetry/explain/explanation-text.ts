import { printable } from '../../meridian/output/printable.ts';
import { table } from '../../meridian/table.ts';
import type { Explanation, ExplanationState } from './explain.ts';
import type { Evidence, Finding } from './finding.ts';
import { nextCommand, runbookOf } from './what-next.ts';

/** What is said where nothing is broken, or nobody can tell. */
const NOTHING: Readonly<Record<Exclude<ExplanationState, 'failing'>, string>> = {
  well: 'Nothing is broken.',
  quiet:
    "Nothing is broken that can be seen, and nobody asks for anything: 'npm run shop -- --rate 5 --for 60s' lets users come.",
  starting: 'Nobody can tell: nothing of the platform has been fetched yet, which takes some 15 s.',
  stale:
    "Nobody can tell: nothing is seen of any service, so what looks may be away; see 'npm run logs -- collector'.",
  away: "Nobody can tell: the store of metrics does not answer; see 'npm run status'.",
};

/** What follows is shown up to so many rows; `--json` has all of it. */
const ROWS_MAX = 12;

/** An explanation as a person reads it; nothing of it is a command to a terminal. */
export function explanationText(explanation: Explanation, isColoured: boolean): string {
  const { state, first, follows, others, unknown } = explanation;
  const gaps = unknown.map((each) => `Not looked at: ${each}.`);
  if (state !== 'failing' || first === null) {
    return [NOTHING[state === 'failing' ? 'away' : state], ...gaps].join('\n');
  }
  const grey = (text: string): string => (isColoured ? `\u001b[90m${text}\u001b[39m` : text);
  const [strongest] = first.evidence;
  return [
    `${nameOf(first)} broke first${sinceText(first.sinceMs, explanation.atMs)}: ${printable(strongest?.says ?? '')}.`,
    '',
    evidenceTable(first, explanation.atMs),
    ...listed('Because of it:', follows, explanation.atMs).map(grey),
    ...listed('Wrong as well, and not because of it:', others, explanation.atMs),
    '',
    ...nextSteps(explanation, first),
    ...gaps,
  ].join('\n');
}

/** What a finding is about, in words. */
function nameOf({ id, kind }: Finding): string {
  return kind === 'edge' ? printable(id.replace('>', ' → ')) : printable(id);
}

function evidenceTable({ evidence }: Finding, atMs: number): string {
  const rows = evidence.map(({ says, sinceMs, query }: Evidence) => [
    printable(says),
    sinceMs === null ? '' : ago(sinceMs, atMs),
    printable(query),
  ]);
  return table(['EVIDENCE', 'SINCE', 'BY'], rows);
}

function listed(title: string, findings: readonly Finding[], atMs: number): readonly string[] {
  if (findings.length === 0) return [];
  const rows = findings.slice(0, ROWS_MAX).map((each) => {
    const [strongest] = each.evidence;
    const since = each.sinceMs === null ? '' : `, since ${ago(each.sinceMs, atMs)}`;
    return `  ${nameOf(each)}: ${printable(strongest?.says ?? '')}${since}`;
  });
  const more = findings.length - rows.length;
  return ['', title, ...rows, ...(more > 0 ? [`  … ${more} more, with --json`] : [])];
}

function nextSteps({ exampleTraceId }: Explanation, first: Finding): readonly string[] {
  const rows = [
    ['next', nextCommand(first)],
    ['runbook', `docs/runbooks/${runbookOf(first)}.md`],
    ...(exampleTraceId === null ? [] : [['a trace', `npm run trace -- ${exampleTraceId}`]]),
  ];
  return rows.map(([name = '', what = '']) => `${name.padEnd(8)} ${printable(what)}`);
}

function sinceText(sinceMs: number | null, atMs: number): string {
  if (sinceMs === null) return '';
  return `, at ${new Date(sinceMs).toISOString().slice(11, 19)} UTC (${ago(sinceMs, atMs)})`;
}

function ago(sinceMs: number, atMs: number): string {
  const seconds = Math.max(0, Math.round((atMs - sinceMs) / 1_000));
  return seconds < 120 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
}
