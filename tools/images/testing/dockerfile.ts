/** An instruction of a Dockerfile: `COPY --from=build /a /b`. */
export interface Instruction {
  readonly name: string;
  readonly flags: readonly string[];
  readonly arguments: readonly string[];
  /** All behind the name. */
  readonly text: string;
}

/** Instructions as https://docs.docker.com/reference/dockerfile/ lists them, of those in use. */
const NAMES = [
  'ARG',
  'FROM',
  'SHELL',
  'WORKDIR',
  'COPY',
  'RUN',
  'ENV',
  'USER',
  'ENTRYPOINT',
  'LABEL',
];

/** Reads a Dockerfile. Throws Error for a line that is not an instruction in use. */
export function parseDockerfile(text: string): readonly Instruction[] {
  const lines = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => {
    const [name = '', ...words] = line.split(/\s+/);
    if (!NAMES.includes(name)) throw new Error(`Not an instruction in use: '${line}'`);
    const first = words.findIndex((word) => !word.startsWith('--'));
    return {
      name,
      flags: words.slice(0, first),
      arguments: words.slice(first),
      text: words.join(' '),
    };
  });
}
