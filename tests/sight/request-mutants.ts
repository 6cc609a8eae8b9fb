import type { RecordedLine } from '../../tools/sight/recorded-lines.ts';
import type { JaegerTrace } from '../../tools/telemetry/stores/jaeger.ts';
import type { RecordedRequests } from './recorded-requests.ts';

type JaegerSpan = JaegerTrace['spans'][number];
type Tag = NonNullable<JaegerSpan['tags']>[number];

/** Something of spans or lines that is taken away or has another name. */
export interface RequestMutant {
  readonly name: string;
  readonly of: 'spans' | 'lines';
  readonly change: (recorded: RecordedRequests) => RecordedRequests;
}

/** What Jaeger says by itself of where a span comes from. */
const ITS_OWN = /^(?:internal\.|otel\.(?:scope|library)\.)/;

/** Who a process of Jaeger is of that does not say it. Source: Jaeger, otlp2jaeger, "OTLPResourceNoServiceName". */
const NOBODY = 'OTLPResourceNoServiceName';

/** Every mutant of what was recorded: attributes of spans and of processes, kinds, links, parents, names and fields. */
export function requestMutants(recorded: RecordedRequests): readonly RequestMutant[] {
  return [
    ...attributeMutants(recorded),
    ...resourceMutants(recorded),
    ...kindMutants(recorded),
    ...nameMutants(recorded),
    ...referenceMutants(),
    ...fieldMutants(recorded),
  ];
}

function attributeMutants({ traces }: RecordedRequests): readonly RequestMutant[] {
  return goneAndRenamed(
    'attribute',
    namesOf(traces, ({ spans }) => spans),
    (change) => ofSpans((span) => ({ ...span, tags: (span.tags ?? []).flatMap(change) })),
  );
}

function resourceMutants({ traces }: RecordedRequests): readonly RequestMutant[] {
  const names = namesOf(traces, ({ processes }) => Object.values(processes));
  const changed = goneAndRenamed('attribute of a process', names, (change) =>
    ofTraces((trace) => ({
      ...trace,
      processes: Object.fromEntries(
        Object.entries(trace.processes).map(([id, { serviceName, tags }]) => [
          id,
          { serviceName, tags: (tags ?? []).flatMap(change) },
        ]),
      ),
    })),
  );
  const nobody: RequestMutant = {
    ...{ name: 'attribute of a process service.name is gone', of: 'spans' },
    change: ofTraces((trace) => ({
      ...trace,
      processes: Object.fromEntries(
        Object.entries(trace.processes).map(([id, { tags }]) => [
          id,
          { serviceName: NOBODY, tags },
        ]),
      ),
    })),
  };
  return [...changed, nobody];
}

function namesOf(
  traces: readonly JaegerTrace[],
  those: (trace: JaegerTrace) => readonly { readonly tags?: readonly Tag[] | null | undefined }[],
): readonly string[] {
  const all = traces.flatMap(those).flatMap(({ tags }) => (tags ?? []).map(({ key }) => key));
  return [...new Set(all)].filter((name) => !ITS_OWN.test(name)).toSorted();
}

function goneAndRenamed(
  what: string,
  names: readonly string[],
  change: (each: (tag: Tag) => readonly Tag[]) => RequestMutant['change'],
): readonly RequestMutant[] {
  return names.flatMap((name): readonly RequestMutant[] => [
    {
      ...{ name: `${what} ${name} is gone`, of: 'spans' },
      change: change((tag) => (tag.key === name ? [] : [tag])),
    },
    {
      ...{ name: `${what} ${name} has another name`, of: 'spans' },
      change: change((tag) => [tag.key === name ? { ...tag, key: `${name}_2` } : tag]),
    },
  ]);
}

/** Spans of one kind that are not of it any more. */
function kindMutants({ traces }: RecordedRequests): readonly RequestMutant[] {
  const tags = traces.flatMap(({ spans }) => spans.flatMap((span) => span.tags ?? []));
  const kinds = new Set(tags.flatMap(({ key, value }) => (key === KIND ? [String(value)] : [])));
  return [...kinds].toSorted().map((kind) => ({
    ...{ name: `spans of kind ${kind} are of none`, of: 'spans' as const },
    change: ofSpans((span) => ({
      ...span,
      tags: (span.tags ?? []).filter(({ key, value }) => key !== KIND || value !== kind),
    })),
  }));
}

const KIND = 'span.kind';

/** What spans are called: by their first word, or what all of them are called that have one word alone. */
function nameMutants({ traces }: RecordedRequests): readonly RequestMutant[] {
  const all = traces.flatMap(({ spans }) => spans.map(({ operationName }) => operationName));
  const words = new Set(all.map(firstWord));
  return [...words].toSorted().map((word) => ({
    ...{ name: `spans called '${word} …' have another name`, of: 'spans' as const },
    change: ofSpans((span) =>
      firstWord(span.operationName) === word
        ? { ...span, operationName: `other ${span.operationName}` }
        : span,
    ),
  }));
}

/** Of a method its service's package, of an operation that is one word all alike. */
function firstWord(name: string): string {
  const [first = '', second] = name.split(/[ /]/);
  return second === undefined ? 'operation' : first;
}

function referenceMutants(): readonly RequestMutant[] {
  const without = (wanted: (refType: string) => boolean) =>
    ofSpans((span) => ({
      ...span,
      references: (span.references ?? []).filter(({ refType }) => !wanted(refType)),
    }));
  return [
    { name: 'links are gone', of: 'spans', change: without((type) => type !== 'CHILD_OF') },
    { name: 'parents are gone', of: 'spans', change: without((type) => type === 'CHILD_OF') },
  ];
}

/** Fields of lines, but for when they were written, without which nothing is a line. */
function fieldMutants({ lines }: RecordedRequests): readonly RequestMutant[] {
  const names = [...new Set(lines.flatMap((line) => Object.keys(line)))].filter(
    (name) => name !== '_time',
  );
  return names.toSorted().flatMap((name): readonly RequestMutant[] => [
    { name: `field ${name} is gone`, of: 'lines', change: ofLines((line) => without(line, name)) },
    {
      ...{ name: `field ${name} has another name`, of: 'lines' },
      change: ofLines((line) => {
        const value = line[name];
        const rest = without(line, name);
        return value === undefined ? rest : { ...rest, [`${name}_2`]: value };
      }),
    },
  ]);
}

function without(line: RecordedLine, name: string): RecordedLine {
  return Object.fromEntries(Object.entries(line).filter(([each]) => each !== name));
}

function ofLines(change: (line: RecordedLine) => RecordedLine): RequestMutant['change'] {
  return ({ traces, lines }) => ({ traces, lines: lines.map(change) });
}

function ofTraces(change: (trace: JaegerTrace) => JaegerTrace): RequestMutant['change'] {
  return ({ traces, lines }) => ({ traces: traces.map(change), lines });
}

function ofSpans(change: (span: JaegerSpan) => JaegerSpan): RequestMutant['change'] {
  return ofTraces((trace) => ({ ...trace, spans: trace.spans.map(change) }));
}
