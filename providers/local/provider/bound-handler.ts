import { isDeepStrictEqual } from 'node:util';
import type { CheckResult, DiffResult, ReadResult } from '@pulumi/pulumi/provider/index.js';
import { problemsOf } from './input-validation.ts';
import type { Context, Created, Properties, ResourceHandler } from './resource-handler.ts';

/** A handler that takes properties as the engine sends them. */
export interface BoundHandler {
  check(given: Properties): CheckResult;
  diff(old: Properties, wanted: Properties): DiffResult;
  create(inputs: Properties, context: Context): Promise<Created>;
  read(id: string, known: Properties, context: Context): Promise<ReadResult>;
  update(old: Properties, inputs: Properties, context: Context): Promise<Properties>;
  delete(old: Properties, context: Context): Promise<void>;
}

/** Adds to a handler what all of them have in common: validation, comparison, and a read's inputs. */
export function bindHandler<Inputs extends object, State extends object>(
  handler: ResourceHandler<Inputs, State>,
): BoundHandler {
  // What is not known yet is a marker that no state holds, so it differs.
  const same = (key: keyof Inputs & string, old: unknown, wanted: unknown): boolean =>
    handler.same?.(key, old, wanted) ?? isDeepStrictEqual(old, wanted);
  return {
    check(given) {
      const inputs = { ...handler.defaults?.(), ...given };
      const problems = problemsOf(handler.inputs, inputs);
      return {
        inputs,
        failures: problems.map(({ property, reason }) => ({
          property,
          reason: `${property || 'inputs'}: ${reason}`,
        })),
      };
    },
    diff(old, wanted) {
      const changed = handler.inputKeys.filter((key) => !same(key, old[key], wanted[key]));
      return {
        changes: changed.length > 0,
        replaces: changed.filter(
          (key) =>
            handler.replacedBy.includes(key) || handler.replaces?.(key, old[key], wanted[key]),
        ),
        deleteBeforeReplace: handler.deleteBeforeReplace ?? false,
      };
    },
    create: (inputs, context) => handler.create(handler.inputs.parse(inputs), context),
    async read(id, known, context) {
      const found = await handler.read(handler.state.parse(known), known, context);
      if (found === undefined) {
        return { id: '', props: {} };
      }
      const inputs = Object.fromEntries(handler.inputKeys.map((key) => [key, found[key]]));
      return { id, props: asJson(found), inputs: asJson(inputs) };
    },
    update: (old, inputs, context) =>
      handler.update(handler.state.parse(old), handler.inputs.parse(inputs), context),
    delete: (old, context) => handler.delete(handler.state.parse(old), context),
  };
}

/** Without members that are undefined, which Pulumi's wire format cannot carry. */
export function asJson(properties: Properties): Properties {
  return JSON.parse(JSON.stringify(properties)) as Properties;
}
