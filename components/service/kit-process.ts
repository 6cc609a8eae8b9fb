import {
  BINDING_ROOT_VARIABLE,
  BINDINGS_FOLDER,
  SERVICE_FILE,
  SERVICE_FILE_VARIABLE,
} from '@meridian/language/process-folder.ts';

/** The environment of every process that is built on the kit; the rest of its world is files. */
export const KIT_ENVIRONMENT = {
  NODE_ENV: 'production',
  // Hashing a password takes 19 MiB, which glibc would keep for each thread that has hashed one: what is
  // larger than a MiB goes back to the system at once. Source: mallopt(3), M_MMAP_THRESHOLD.
  MALLOC_MMAP_THRESHOLD_: '1048576',
  [BINDING_ROOT_VARIABLE]: `\${self}/${BINDINGS_FOLDER}`,
  [SERVICE_FILE_VARIABLE]: `\${self}/${SERVICE_FILE}`,
} as const;

/** How a service runs Node.js: nothing below TLS 1.3, and quiet about stripping types. */
export const NODE_FLAGS = ['--tls-min-v1.3', '--disable-warning=ExperimentalWarning'] as const;

/**
 * How a service runs Node.js where its memory has a limit: with what V8 may use for old objects, in MiB or what stands for it.
 * Source: Node.js, "Command-line API", --max-old-space-size
 */
export function limitedNodeFlags(heapMiB: number): readonly string[] {
  return [`--max-old-space-size=${heapMiB}`, ...NODE_FLAGS];
}
