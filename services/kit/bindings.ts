import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';

/** One binding: what it is, and its properties by file name. */
export interface Binding {
  readonly name: string;
  readonly type: string;
  readonly provider: string;
  /** Reads one property; throws a CodedError that names the file if it is absent. */
  property(key: string): string;
  /** The same, or undefined when there is no such file. */
  optionalProperty(key: string): string | undefined;
  /** The file of a property, for a reader that follows its changes. */
  file(key: string): string;
}

/**
 * The bindings of a process: one folder each under $SERVICE_BINDING_ROOT, one file for each
 * property. Source: Service Binding Specification for Kubernetes 1.1, "Workload Projection".
 */
export class Bindings {
  /** The folder that relative paths in bindings start from. */
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** The names of all bindings there are, sorted. */
  names(): readonly string[] {
    if (!existsSync(this.root)) return [];
    return readdirSync(this.root, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith('.') && !entry.isFile())
      .map((entry) => entry.name)
      .sort();
  }

  /** Whether there is a binding of that name. */
  has(name: string): boolean {
    return existsSync(join(this.root, name, 'type'));
  }

  /** Opens a binding; throws a CodedError if it is absent or of another type. */
  get(name: string, type: string): Binding {
    const folder = join(this.root, name);
    if (!this.has(name)) {
      const known = this.names().join(', ');
      throw new CodedError(
        'KIT_BINDING',
        `Binding '${name}': no file ${join(folder, 'type')}; there are bindings for ${known === '' ? 'nothing' : known}, and only declared calls and stores have one`,
      );
    }
    const fileOf = (key: string): string => join(folder, key);
    const optionalProperty = (key: string): string | undefined => {
      const file = fileOf(key);
      // A Secret's value often ends in the newline of the editor that wrote it.
      return existsSync(file) ? readFileSync(file, 'utf8').trimEnd() : undefined;
    };
    const property = (key: string): string => {
      const value = optionalProperty(key);
      if (value !== undefined && value !== '') return value;
      throw new CodedError(
        'KIT_BINDING',
        `Binding '${name}': ${fileOf(key)} must hold a value, got nothing`,
      );
    };
    const found = property('type');
    if (found !== type) {
      throw new CodedError(
        'KIT_BINDING',
        `Binding '${name}': type must be '${type}', got '${found}' in ${join(folder, 'type')}`,
      );
    }
    return {
      name,
      type,
      provider: optionalProperty('provider') ?? '',
      property,
      optionalProperty,
      file: fileOf,
    };
  }
}
