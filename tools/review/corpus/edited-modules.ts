import { registerHooks } from 'node:module';
import type { ResolveFnOutput } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import path from 'node:path';
import type { EditedFiles } from './corpus-change.ts';

/** Marks the module of an edit: Node.js keeps modules apart by their whole URL, and reads files by the path of it. */
const MARK = 'edit';

/**
 * Loads modules of a program as if some files were others. A module that is edited, or imports one that is, at whatever
 * distance, is loaded again for each edit; all others once. Which import which is seen as they are loaded first.
 */
export class EditedModules {
  readonly #programFolder: string;
  readonly #importers = new Map<string, Set<string>>();
  readonly #ways = new Map<string, ResolveFnOutput>();
  #edit = 0;
  #texts: ReadonlyMap<string, string> = new Map();
  #reloaded: ReadonlySet<string> = new Set();

  constructor(programFolder: string) {
    this.#programFolder = programFolder;
    registerHooks({
      resolve: (specifier, context, next) => {
        const found =
          this.#addedFile(specifier, context.parentURL) ??
          this.#resolved(specifier, context.parentURL, () => next(specifier, context));
        const url = withoutMark(found.url);
        if (context.parentURL !== undefined) this.#sawImport(withoutMark(context.parentURL), url);
        return this.#reloaded.has(url) ? { ...found, url: `${url}?${MARK}=${this.#edit}` } : found;
      },
      load: (url, context, next) => {
        const text = this.#texts.get(withoutMark(url));
        if (text === undefined || withoutMark(url) === url) return next(url, context);
        const format = url.includes('.ts?') ? 'module-typescript' : 'module';
        return { format, source: text, shortCircuit: true };
      },
    });
  }

  /** Begins an edit: what is imported from now on is as these files say. */
  begin(files: EditedFiles): void {
    this.#edit += 1;
    this.#texts = new Map(
      Object.entries(files).map(([file, text]) => [this.urlOf(file), text] as const),
    );
    const reached = new Set<string>();
    const visit = (url: string): void => {
      if (reached.has(url)) return;
      reached.add(url);
      this.#importers.get(url)?.forEach(visit);
    };
    [...this.#texts.keys()].forEach(visit);
    this.#reloaded = reached;
  }

  /** Whether the edit is of a module, or of one that it imports, at whatever distance. */
  reaches(file: string): boolean {
    return this.#reloaded.has(this.urlOf(file));
  }

  /** A module of the program, as the edit has it. */
  async load<Module>(file: string): Promise<Module> {
    // Resolved by the hook, which marks it.
    return (await import(this.urlOf(file))) as Module;
  }

  /** The URL of a file of the program. */
  urlOf(file: string): string {
    return pathToFileURL(path.join(this.#programFolder, file)).href;
  }

  /** What a specifier leads to from a module does not change: edits add files, and neither move nor remove any. */
  #resolved(
    specifier: string,
    parent: string | undefined,
    resolve: () => ResolveFnOutput,
  ): ResolveFnOutput {
    if (!specifier.startsWith('.') || parent === undefined) return resolve();
    const way = `${withoutMark(parent)} ${specifier}`;
    const found = this.#ways.get(way) ?? { ...resolve(), shortCircuit: true };
    this.#ways.set(way, found);
    return found;
  }

  /** A file that an edit adds is nowhere else. */
  #addedFile(specifier: string, parent: string | undefined): ResolveFnOutput | undefined {
    if (!specifier.startsWith('.') || parent === undefined) return undefined;
    const url = new URL(specifier, withoutMark(parent)).href;
    return this.#texts.has(url)
      ? { url, format: 'module-typescript', shortCircuit: true }
      : undefined;
  }

  #sawImport(parent: string, url: string): void {
    if (!url.startsWith('file:') || fileURLToPath(url).includes('/node_modules/')) return;
    const importers = this.#importers.get(url) ?? new Set();
    this.#importers.set(url, importers.add(parent));
  }
}

function withoutMark(url: string): string {
  const [plain = url] = url.split(`?${MARK}=`);
  return plain;
}
