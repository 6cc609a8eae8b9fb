import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bindingForms } from '@meridian/language/bindings.ts';
import type {
  BindingType,
  OptionalProperty,
  RequiredProperty,
} from '@meridian/language/bindings.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { TextForm } from '@meridian/language/text-form.ts';

/** One binding: what it is, and its properties by file name. */
export interface Binding<Type extends BindingType> {
  readonly name: string;
  readonly type: Type;
  readonly provider: string;
  /** Reads one property; throws a CodedError that names the file unless it has its form. */
  property(key: RequiredProperty<Type>): string;
  /** The same, or undefined when there is no such file. */
  optionalProperty(key: OptionalProperty<Type>): string | undefined;
  /** The file of a property, for a reader that follows its changes. */
  file(key: RequiredProperty<Type> | OptionalProperty<Type>): string;
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
  get<Type extends BindingType>(name: string, type: Type): Binding<Type> {
    const folder = join(this.root, name);
    if (!this.has(name)) {
      const known = this.names().join(', ');
      throw new CodedError(
        'KIT_BINDING',
        `Binding '${name}': no file ${join(folder, 'type')}; there are bindings for ${known === '' ? 'nothing' : known}, and only declared calls and stores have one`,
      );
    }
    const found = valueOf(folder, 'type');
    if (found !== type) {
      throw new CodedError(
        'KIT_BINDING',
        `Binding '${name}': type must be '${type}', got '${found ?? ''}' in ${join(folder, 'type')}`,
      );
    }
    const forms = bindingForms(type);
    return {
      name,
      type,
      provider: valueOf(folder, 'provider') ?? '',
      property: (key) => propertyOf(folder, name, key, forms.required[key]),
      optionalProperty: (key) =>
        valueOf(folder, key) === undefined
          ? undefined
          : propertyOf(folder, name, key, forms.optional[key]),
      file: (key) => join(folder, key),
    };
  }
}

function propertyOf(folder: string, name: string, key: string, form: TextForm | undefined): string {
  const value = valueOf(folder, key) ?? '';
  const file = join(folder, key);
  if (value === '') {
    throw new CodedError(
      'KIT_BINDING',
      `Binding '${name}': ${file} must hold a value, got nothing`,
    );
  }
  if (form?.fits.test(value) === false) {
    throw new CodedError(
      'KIT_BINDING',
      `Binding '${name}': ${key} must be ${form.allowed}, got '${value}'; set it in ${file}`,
    );
  }
  return value;
}

/** The content of a file; undefined when there is none. */
function valueOf(folder: string, key: string): string | undefined {
  const file = join(folder, key);
  // A Secret's value often ends in the newline of the editor that wrote it.
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd() : undefined;
}
