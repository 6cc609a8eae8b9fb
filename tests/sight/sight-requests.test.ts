import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KEPT_LOG_FIELDS } from '@meridian/language/log-fields.ts';
import { TELEMETRY_ATTRIBUTES } from '@meridian/language/telemetry-attributes.ts';
import { hasLineStore } from './line-store.ts';
import { mutants, recorded, RequestSight } from './request-sight.ts';

const REFUSED = "the console's refused calls";

/** What is taken away, and some of those who say so: of each kind of consumer of spans and lines. */
const CASES: readonly (readonly [mutant: string, blind: readonly string[]])[] = [
  ['attribute rpc.method has another name', ['conformance of each call']],
  ['attribute db.system.name is gone', ['conformance of each store', 'trace of a trace']],
  ['links are gone', ['conformance of each publish']],
  [
    "spans called 'process …' have another name",
    ['conformance of each consume', 'trace of a request'],
  ],
  ['attribute error.type is gone', ['trace of a trace that failed']],
  ['field request_id is gone', ['lines of a request', "the console's view of a purchase"]],
  ['field version has another name', ['lines of errors of a release']],
  ['field rpc_status_code is gone', [REFUSED]],
  ['field peer has another name', [REFUSED]],
];

/** Names that Jaeger gives to what OTLP has fields for, and VictoriaLogs to what is not one of ours. */
const JAEGERS: readonly string[] = ['span.kind', 'error', 'otel.status_code', 'otel.scope.name'];
const VICTORIALOGS: readonly string[] = [
  ...['_time', '_msg', 'service.name', 'severity_text', 'trace_id', 'span_id'],
];

describe('what was recorded of requests', () => {
  test('has no attribute that the registry does not know', () => {
    const tags = recorded.traces.flatMap(({ spans, processes }) =>
      [...spans, ...Object.values(processes)].flatMap((each) => each.tags ?? []),
    );
    const names = new Set(tags.map(({ key }) => key));
    const known = new Set([...TELEMETRY_ATTRIBUTES, ...JAEGERS]);
    expect([...names].filter((name) => !known.has(name))).toEqual([]);
  });

  test('has no field that the registry does not know', () => {
    const names = new Set(recorded.lines.flatMap((line) => Object.keys(line)));
    const known = new Set<string>([...KEPT_LOG_FIELDS, ...VICTORIALOGS, 'err.type']);
    expect([...names].filter((name) => !known.has(name))).toEqual([]);
  });

  test('is taken apart in more than forty ways', () => {
    expect(mutants.length).toBeGreaterThan(40);
  });
});

const isBuilt = hasLineStore();

(isBuilt ? describe : describe.skip)(
  `whoever reads what is gone of spans and lines says so${isBuilt ? '' : ' (VictoriaLogs is not built here)'}`,
  () => {
    let sight: RequestSight;

    beforeAll(async () => {
      sight = await RequestSight.open();
    });

    afterAll(async () => {
      await sight[Symbol.asyncDispose]();
    });

    test.each(CASES)('where %s: %j', async (name, blind) => {
      const mutant = mutants.find((each) => each.name === name);
      if (mutant === undefined) throw new Error(`There is no mutant '${name}'`);
      const said = await sight.blinded(mutant);
      expect(said).toEqual(expect.arrayContaining([...blind]));
    });
  },
);
