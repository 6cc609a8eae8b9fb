import type { AlertsView } from '../views/alert-sight.ts';
import { compareRuns } from '../views/compare-runs.ts';
import type { OrderHead } from '../views/newest-orders.ts';
import type { PlatformView } from '../views/platform-view.ts';
import type { PurchaseView } from '../views/purchase-view.ts';
import type { QueryView } from '../views/query-view.ts';
import type { RunHead } from '../views/run-head.ts';
import type { RunFiles } from './run-files.ts';

/** What the page may ask. */
export interface Views {
  readonly platform: () => Promise<PlatformView>;
  readonly alerts: () => Promise<AlertsView>;
  readonly purchase: (id: string) => Promise<PurchaseView>;
  readonly orders: () => Promise<readonly OrderHead[]>;
  readonly query: (text: string, spanSeconds: number) => Promise<QueryView>;
  readonly layout: unknown;
  readonly runs: RunFiles;
}

/** The question was wrong; its sender is told how. */
export class BadQuestion extends Error {
  readonly status: 400 | 404;

  constructor(status: 400 | 404, message: string) {
    super(message);
    this.name = 'BadQuestion';
    this.status = status;
  }
}

/** The longest that is looked for or evaluated. */
const TEXT_MAX = 2_000;
const SPAN_SECONDS_MAX = 90 * 86_400;

/**
 * The answer to a question of the page, as plain JSON.
 *
 * @throws {BadQuestion}
 */
export async function answer(views: Views, { pathname, searchParams }: URL): Promise<unknown> {
  switch (pathname) {
    case '/api/platform':
      return await views.platform();
    case '/api/layout':
      return views.layout;
    case '/api/alerts':
      return await views.alerts();
    case '/api/purchase':
      return await views.purchase(idOf(searchParams));
    case '/api/orders':
      return await views.orders();
    case '/api/query':
      return await views.query(parameter(searchParams, 'text'), spanOf(searchParams));
    case '/api/runs':
      return runHeads(views.runs);
    case '/api/run':
      return runOf(views.runs, parameter(searchParams, 'id'));
    case '/api/compare':
      return compareRuns(
        runOf(views.runs, parameter(searchParams, 'before')),
        runOf(views.runs, parameter(searchParams, 'after')),
      );
    default:
      throw new BadQuestion(404, `Nothing answers at ${pathname}`);
  }
}

function parameter(given: URLSearchParams, name: string): string {
  const text = given.get(name)?.trim() ?? '';
  if (text !== '' && text.length <= TEXT_MAX) return text;
  throw new BadQuestion(400, `'${name}' must be 1 to ${TEXT_MAX} characters, got ${text.length}`);
}

/** Ids of traces, requests and orders are letters, digits and hyphens; nothing else is asked of a store. */
function idOf(given: URLSearchParams): string {
  const id = parameter(given, 'id').toLowerCase();
  if (/^[0-9a-z][0-9a-z-]{3,63}$/.test(id)) return id;
  throw new BadQuestion(
    400,
    `An id must be 4 to 64 letters, digits and hyphens, got '${id.slice(0, 80)}'`,
  );
}

function spanOf(given: URLSearchParams): number {
  const text = given.get('span') ?? '3600';
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 60 && seconds <= SPAN_SECONDS_MAX) return seconds;
  throw new BadQuestion(400, `'span' must be 60 to ${SPAN_SECONDS_MAX} seconds, got '${text}'`);
}

function runHeads(runs: RunFiles): readonly RunHead[] {
  return runs.ids().flatMap((id) => {
    const run = runs.read(id);
    if (run === undefined) return [];
    const calls = Math.round(run.edges.reduce((sum, edge) => sum + edge.calls, 0));
    return [{ id, endedMs: run.endedMs, changed: run.changed, calls }];
  });
}

function runOf(runs: RunFiles, id: string) {
  const run = runs.read(id);
  if (run !== undefined) return run;
  const kept = runs.ids().join(', ');
  throw new BadQuestion(404, `Run '${id}' is not kept; those that are: ${kept || 'none yet'}`);
}
