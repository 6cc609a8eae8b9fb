import { cpuQuantity, memoryQuantity } from '../quantity.ts';
import type { ObjectProblem, ObjectRule } from './object-problem.ts';

const CPU = /^(\d+)m$/;
const MEMORY = /^(\d+)Mi$/;

/** What is asked for in another form than Kubernetes gives it, however deep. */
function problemsIn(value: unknown, path: string): readonly ObjectProblem[] {
  if (typeof value === 'string') {
    const canonical = canonicalForm(value);
    if (canonical === value) return [];
    const rule = `must be in the form that Kubernetes gives it, '${canonical}', as controllers write it back so`;
    return [{ property: path, rule, given: `'${value}'` }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) =>
    problemsIn(member, `${path}.${key}`),
  );
}

function canonicalForm(text: string): string {
  const cpu = CPU.exec(text)?.[1];
  const memory = MEMORY.exec(text)?.[1];
  if (cpu !== undefined) return cpuQuantity(Number(cpu));
  return memory === undefined ? text : memoryQuantity(Number(memory));
}

function problemsBelow(value: unknown, path: string): readonly ObjectProblem[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) => {
    const below = path === '' ? key : `${path}.${key}`;
    return key === 'resources' ? problemsIn(member, below) : problemsBelow(member, below);
  });
}

/** What a container, or an engine in its operator's hands, asks for. */
export const quantityRule: ObjectRule = (object) => problemsBelow(object, '');
