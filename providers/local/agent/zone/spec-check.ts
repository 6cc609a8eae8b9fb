import { BlockList } from 'node:net';
import { unknownPlaceholders } from '../../folders.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { processSpecSchema } from '../../process-spec.ts';
import type { ProcessSpec } from '../../process-spec.ts';

/**
 * Reads a spec as it was sent and checks all that can be known without looking at the machine.
 * @throws {CodedError} SPEC_INVALID with every problem found
 */
export function parseSpec(name: string, network: string, body: unknown): ProcessSpec {
  const parsed = processSpecSchema.safeParse(body);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.')}: ${issue.message}`,
    );
    throw invalid(name, problems);
  }
  const spec: ProcessSpec = parsed.data;
  const problems = [
    ...(spec.name === name ? [] : [`name: is '${spec.name}', but '${name}' was asked for`]),
    ...placeholderProblems(spec),
    ...networkProblems(spec, network),
  ];
  if (problems.length > 0) {
    throw invalid(name, problems);
  }
  return spec;
}

/** Text of files may hold other `${…}` than ours; commands and variables may not. */
function placeholderProblems(spec: ProcessSpec): readonly string[] {
  const texts: readonly (readonly [string, string])[] = [
    ...spec.command.map((text) => ['command', text] as const),
    ...(spec.prepare?.command ?? []).map((text) => ['prepare.command', text] as const),
    ...(typeof spec.onRenew === 'string'
      ? []
      : spec.onRenew.command.map((text) => ['onRenew.command', text] as const)),
    ...(spec.prepare === undefined ? [] : [['prepare.creates', spec.prepare.creates] as const]),
    ...(spec.readiness.kind === 'https' && spec.readiness.user !== undefined
      ? [['readiness.user.passwordFile', spec.readiness.user.passwordFile] as const]
      : []),
    ...Object.entries(spec.environment).map(([key, text]) => [`environment.${key}`, text] as const),
  ];
  return texts.flatMap(([where, text]) =>
    unknownPlaceholders(text).map((key) => `${where}: nothing is known as \${${key}}`),
  );
}

function networkProblems(spec: ProcessSpec, network: string): readonly string[] {
  const [base = '', prefix = ''] = network.split('/');
  const zone = new BlockList();
  zone.addSubnet(base, Number(prefix), 'ipv4');
  return spec.listens
    .filter(({ address }) => !zone.check(address, 'ipv4'))
    .map(({ name, address }) => `listens '${name}': ${address} is outside the zone's ${network}`);
}

function invalid(name: string, problems: readonly string[]): CodedError {
  return new CodedError(
    'SPEC_INVALID',
    `Process '${name}': its spec is not valid: ${problems.join('; ')}`,
  );
}
