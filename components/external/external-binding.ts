import { binding } from '@meridian/language/bindings.ts';
import type { ExternalParameter, ExternalSecret } from '@meridian/language/bindings.ts';
import type { ExternalNode } from '../model/graph.ts';

/** What of a system is ours, as the stack says. */
export type ExternalParameters = Readonly<Partial<Record<ExternalParameter, string>>>;

/** What of a stand-in is ours: it keeps one bucket, and lies in no region. */
export const STAND_IN_PARAMETERS = {
  bucket: 'checkpoints',
  region: 'local',
} as const satisfies ExternalParameters;

/** The part of a stand-in's configuration that says so; nothing for one of which nothing is ours. */
export function standInParameters({ parameters }: ExternalNode): {
  readonly parameters?: ExternalParameters;
} {
  return parameters.length === 0
    ? {}
    : { parameters: parametersOf(parameters, STAND_IN_PARAMETERS) };
}

/** Those of the parameters that a system has; a preview may lack some, and no deployment. */
function parametersOf(
  names: readonly ExternalParameter[],
  given: ExternalParameters,
): ExternalParameters {
  return Object.fromEntries(
    names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
}

/** The properties of a service's binding to a system outside the platform; no secret is part of them. */
export function externalBinding(
  { secrets, parameters }: ExternalNode,
  uri: string,
  given: ExternalParameters,
  fileOf: (secret: ExternalSecret) => string,
): Readonly<Record<string, string>> {
  return binding('external', {
    uri,
    ...parametersOf(parameters, given),
    ...Object.fromEntries(secrets.map((secret) => [`${secret}-file`, fileOf(secret)])),
  });
}
