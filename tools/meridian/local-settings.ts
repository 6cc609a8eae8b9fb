import path from 'node:path';
import {
  ensureFolder,
  readIfThereSync,
  writeFileAtomic,
} from '@meridian/provider-local/machine/atomic-file.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { parse, stringify } from 'yaml';
import { parseObject } from './pulumi-backend.ts';
import { configFile } from './pulumi-environment.ts';
import { settingsIn, withoutEmpty } from './stack-config.ts';
import type { Settings } from './stack-config.ts';

/** The salt that Pulumi makes of a passphrase: `v1:<salt>:v1:<nonce>:<text>`, in base64. */
const SALT = /^v1:[A-Za-z0-9+/]{11}=:v1:[A-Za-z0-9+/]{16}:[A-Za-z0-9+/]{30}==$/;

/** What is kept beside the configuration, so that neither is lost with the other. */
interface Kept {
  /** The program's settings as they were when this was written. */
  readonly program: Settings;
  /** What this user had set by then. */
  readonly own: Settings;
  readonly salt?: string | undefined;
}

/** What is set for this machine. */
export interface LocalSettings {
  readonly own: Settings;
  /** Of the passphrase; absent when there is none yet, or it was lost: Pulumi makes another one. */
  readonly salt?: string | undefined;
  /** What had to be put right, in sentences. */
  readonly healed: readonly string[];
}

/** The files of the configuration: Pulumi's own, and what is kept beside it. */
export class LocalSettingsFiles {
  readonly config: string;
  readonly #kept: string;

  constructor(folders: Folders) {
    this.config = configFile(folders);
    this.#kept = path.join(path.dirname(this.config), 'settings.json');
  }

  /**
   * What this user has set for this machine, by `npm start -- -c` or `pulumi config set`: the keys in
   * which the configuration differs from the program's of the time.
   */
  read(program: Settings): LocalSettings {
    const [text, keptText] = [this.config, this.#kept].map((file) => readIfThereSync(file));
    const kept = keptText === undefined ? undefined : parseKept(keptText);
    if (text === undefined && kept === undefined) return { own: {}, healed: [] };
    const config = text === undefined ? undefined : parseConfig(text);
    if (config !== undefined) {
      const before = kept?.program ?? program;
      const own = Object.entries(config.settings).filter(([key, value]) => value !== before[key]);
      return { own: Object.fromEntries(own), salt: config.salt, healed: [] };
    }
    return kept === undefined
      ? {
          own: {},
          healed: [
            `Configuration ${this.config} was torn, as by a power cut: what was set for this machine is lost; set it again: npm start -- -c <key>=<value>`,
          ],
        }
      : {
          own: kept.own,
          salt: kept.salt,
          healed: [
            `Configuration ${this.config} was ${text === undefined ? 'gone' : 'torn, as by a power cut,'} and is made again of ${this.#kept}.`,
          ],
        };
  }

  /** Writes both; `settings` are all that hold, `program` those of them that are the program's. */
  async write(program: Settings, settings: Settings, salt: string | undefined): Promise<void> {
    const own = Object.fromEntries(
      Object.entries(settings).filter(([key, value]) => value !== program[key]),
    );
    await ensureFolder(path.dirname(this.config));
    await writeConfig(this.config, settings, salt);
    await writeFileAtomic(this.#kept, JSON.stringify({ program, own, salt } satisfies Kept));
  }
}

/** Writes a configuration; the salt is the last line, so that a file that was cut has none. */
export async function writeConfig(
  file: string,
  settings: Settings,
  salt: string | undefined,
): Promise<void> {
  await writeFileAtomic(
    file,
    stringify({
      config: withoutEmpty(settings),
      ...(salt === undefined ? {} : { encryptionsalt: salt }),
    }),
  );
}

/** The salt in a configuration that Pulumi has just written. */
export function saltIn(file: string): string | undefined {
  const text = readIfThereSync(file);
  return text === undefined ? undefined : parseConfig(text)?.salt;
}

function parseConfig(
  text: string,
): { readonly settings: Settings; readonly salt: string } | undefined {
  if (!text.endsWith('\n')) return undefined;
  try {
    const read = parse(text) as {
      readonly encryptionsalt?: unknown;
      readonly config?: unknown;
    } | null;
    const salt = read?.encryptionsalt;
    return read !== null && typeof salt === 'string' && SALT.test(salt)
      ? { settings: settingsIn(read), salt }
      : undefined;
  } catch {
    return undefined;
  }
}

function parseKept(text: string): Kept | undefined {
  const kept = parseObject(text);
  const { program, own } = (kept ?? {}) as Partial<Kept>;
  return program === undefined || own === undefined ? undefined : (kept as unknown as Kept);
}
