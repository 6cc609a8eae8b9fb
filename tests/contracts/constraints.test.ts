import { create, getOption, hasOption } from '@bufbuild/protobuf';
import type { DescMethod } from '@bufbuild/protobuf';
import { createValidator } from '@bufbuild/protovalidate';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  field_behavior,
  FieldBehavior,
} from '@meridian/kit/contract/gen/google/api/field_behavior_pb.js';
import { compileMessage } from '@meridian/kit/constraints/check-message.ts';
import { readRules } from '@meridian/kit/constraints/read-rules.ts';
import { validMessages, violatedMessages } from '@meridian/kit/constraints/testing/arbitraries.ts';
import { FieldViolations } from '@meridian/kit/rpc/field-violations.ts';
import { methodName } from '@meridian/language/method.ts';
import { declaredServices } from '../../infra/platform-graph.ts';

/** What others make of the same rules: buf's own library, which nothing of ours runs in production (ADR 59). */
const oracle = createValidator();

const methods = declaredServices().flatMap(({ contract }) => contract?.methods ?? []);
const named = methods.map((method) => [methodName(method), method] as const);

function violationsOf({ input }: DescMethod, message: unknown): FieldViolations {
  const violations = new FieldViolations();
  compileMessage(input)?.(message as Readonly<Record<string, unknown>>, '', violations);
  return violations;
}

describe.each(named)('a request of %s', (_name, method) => {
  test('that its rules allow is let in, as by protovalidate', () => {
    fc.assert(
      fc.property(validMessages(method.input), (message) => {
        expect(violationsOf(method, message).found).toEqual([]);
        expect(oracle.validate(method.input, message)).toMatchObject({ kind: 'valid' });
      }),
      { numRuns: 20 },
    );
  });

  test('that breaks one rule is refused for it, as by protovalidate', () => {
    const violated = violatedMessages(method.input);
    if (violated === undefined) return;
    fc.assert(
      fc.property(violated, ({ field, message }) => {
        const { found } = violationsOf(method, message);
        expect(found.length).toBeGreaterThan(0);
        for (const { field: path, description } of found) {
          expect(path).toMatch(new RegExp(`^${field}\\b`));
          expect(description).toMatch(/^(key )?must (be|have) ./);
        }
        expect(oracle.validate(method.input, message)).toMatchObject({ kind: 'invalid' });
      }),
      { numRuns: 30 },
    );
  });

  test('without what it requires is refused', () => {
    const required = method.input.fields.filter(
      (field) =>
        hasOption(field, field_behavior) &&
        getOption(field, field_behavior).includes(FieldBehavior.REQUIRED) &&
        !readRules(field).unchecked,
    );
    const { found } = violationsOf(method, create(method.input));
    const paths = found.map(({ field }) => field);
    expect(paths).toEqual(expect.arrayContaining(required.map(({ name }) => name)));
  });
});
