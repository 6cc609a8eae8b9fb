import type { ReadinessReport } from '@meridian/kit/ops/readiness.ts';
import { HttpProblem } from '../problem/http-problem.ts';
import type { RouteTable } from '../transcode/route-table.ts';

/** Something that the gateway serves by itself, as opposed to a service behind it. */
export interface Page {
  /** What it can be served as, best first. */
  readonly mediaTypes: readonly string[];
  /** The body in one of these; throws an HttpProblem. */
  render(mediaType: string): string | Promise<string>;
}

/** What the pages show. */
export interface PageSources {
  readonly routes: RouteTable;
  /** The OpenAPI document as JSON. */
  readonly openApi: string;
  readonly readiness: { report(): Promise<ReadinessReport>; readonly isDraining: boolean };
}

/** The gateway's own pages by path. */
export function pages(sources: PageSources): ReadonlyMap<string, Page> {
  const mediaTypes = ['application/json'];
  return new Map<string, Page>([
    ['/', landing(sources.routes)],
    ['/openapi.json', { mediaTypes, render: () => sources.openApi }],
    ['/healthz', { mediaTypes, render: () => '{"status":"ok"}' }],
    ['/readyz', { mediaTypes, render: () => renderReadiness(sources) }],
  ]);
}

/** What is wrong exactly is told on the ops port, which only machines of the platform reach. */
async function renderReadiness({ readiness }: PageSources): Promise<string> {
  const { ready, checks } = await readiness.report();
  if (ready) return '{"status":"ready"}';
  const failing = Object.keys(checks).filter((name) => checks[name] !== 'ok');
  throw new HttpProblem('unavailable', {
    detail: `This gateway is not ready: ${failing.join(', ')}.`,
    headers: { 'retry-after': '1' },
  });
}

function landing({ bindings }: RouteTable): Page {
  const links = bindings
    .filter(({ verb, template }) => verb === 'GET' && template.variables.length === 0)
    .map(({ template }) => template.source);
  const html = renderLanding(['/openapi.json', ...links]);
  const json = JSON.stringify({ name: 'Meridian', openapi: '/openapi.json', links });
  return {
    mediaTypes: ['application/json', 'text/html'],
    render: (mediaType) => (mediaType === 'text/html' ? html : json),
  };
}

/** Paths come from our own contracts: no character of them needs escaping in HTML but &. */
function renderLanding(paths: readonly string[]): string {
  const items = paths.map((path) => {
    const safe = path.replaceAll('&', '&amp;');
    return `<li><a href="${safe}">${safe}</a></li>`;
  });
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Meridian</title></head>',
    `<body><h1>Meridian</h1><ul>${items.join('')}</ul></body></html>`,
  ].join('\n');
}
