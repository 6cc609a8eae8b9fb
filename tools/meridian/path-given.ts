import path from 'node:path';

/** A file or folder that somebody names, from where they are: npm changes into the program's folder, and says where it was called. */
export function pathGiven(name: string): string {
  return path.resolve(process.env['INIT_CWD'] ?? process.cwd(), name);
}
