import type { DescMethod } from '@bufbuild/protobuf';
import { httpRoutes } from '@meridian/components/model/http-route.ts';
import type { AnyService } from '@meridian/components/model/service.ts';
import { answerOf, COLUMNS, WHOSE } from '@meridian/language/access.ts';
import { markdownTable } from '@meridian/language/markdown-table.ts';
import type { AccessRow, Cell, SIGN_IN, Whose } from '@meridian/language/access.ts';
import { accessRows } from './access-rows.ts';

/** Around what is drawn in docs/access.md. */
export const DRAWN = [
  '<!-- drawn by tests/contracts/access-document.ts -->',
  '<!-- end -->',
] as const;

const HEADS = ['operation', 'whose', ...COLUMNS];

const WORDS: Readonly<Record<Whose, string>> = {
  own: 'own',
  another: 'another’s',
  absent: 'none',
};

/** Answers as HTTP has them. */
const STATUSES: Readonly<Record<string, string>> = {
  ...{ OK: 'yes', UNAUTHENTICATED: '401', PERMISSION_DENIED: '403', NOT_FOUND: '404' },
};

/** The tables of who may call what, one for each service that the edge has routes to. */
export function drawAccess(services: readonly AnyService[]): string {
  return services
    .filter(({ access, implemented }) => implemented && Object.keys(access).length > 0)
    .map((service) => `## ${service.name}\n\n${drawService(service)}`)
    .join('\n\n');
}

function drawService(service: AnyService): string {
  const rows = accessRows(service);
  const notes = rows.flatMap(({ method, row: { provided } }) =>
    provided === undefined ? [] : [`${nameOf(method)}: ${provided}`],
  );
  const lines = rows.flatMap(({ method, row }) => linesOf(method, row));
  return [markdownTable(HEADS, lines), ...notes].join('\n\n');
}

function linesOf(method: DescMethod, row: AccessRow): readonly (readonly string[])[] {
  const cells = COLUMNS.map((column) => row[column]);
  const told = WHOSE.filter((whose) =>
    cells.some((cell) => typeof cell === 'object' && whose in cell),
  );
  if (told.length === 0) return [[nameOf(method), '', ...cells.map((cell) => wordOf(cell, 'own'))]];
  return told.map((whose, index) => [
    index === 0 ? nameOf(method) : '',
    told.includes('own') || whose === 'absent' ? WORDS[whose] : 'any',
    ...cells.map((cell) => wordOf(cell, whose)),
  ]);
}

function nameOf(method: DescMethod): string {
  const [route] = httpRoutes(method);
  return `\`${route?.verb ?? ''} ${route?.path ?? ''}\``;
}

/** Nobody of this column has an object of their own where the table has no answer for that. */
function wordOf(cell: Cell | typeof SIGN_IN, whose: Whose): string {
  if (typeof cell === 'object' && !(whose in cell)) return '';
  return STATUSES[answerOf(cell, whose)] ?? '';
}
