import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** A line that goes on for longer is broken there. */
const MOST_LINE_CHARACTERS = 16_384;

const LINE_END = /\r\n|[\n\r\u2028\u2029]/;

/**
 * What a program of somebody else prints, as text that does nothing to whoever shows it: no escape sequence, no
 * character that hides or turns others, and no command to a runner of GitHub (`::` where a line begins, `##[`).
 */
export class PlainOutput {
  readonly #decoder = new StringDecoder('utf8');
  readonly #show: (text: string) => void;
  readonly #mostBytes: number;
  #line = '';
  #shownBytes = 0;
  #droppedBytes = 0;

  /** @param mostBytes what is shown at most; the rest is only counted */
  constructor(mostBytes: number, show: (text: string) => void) {
    this.#mostBytes = mostBytes;
    this.#show = show;
  }

  /** Of what was printed, how much was not shown. */
  get droppedBytes(): number {
    return this.#droppedBytes;
  }

  write(chunk: Buffer): void {
    if (this.#shownBytes >= this.#mostBytes) {
      this.#droppedBytes += chunk.length;
      return;
    }
    const lines = (this.#line + this.#decoder.write(chunk)).split(LINE_END);
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#showLine(line);
    if (this.#line.length > MOST_LINE_CHARACTERS) {
      this.#showLine(this.#line);
      this.#line = '';
    }
  }

  /** Shows a last line that has not ended, and that something is missing. */
  end(): void {
    const rest = this.#line + this.#decoder.end();
    this.#line = '';
    if (rest !== '') this.#showLine(rest);
    if (this.#droppedBytes > 0) this.#show(`(${this.#droppedBytes} bytes more are not shown)\n`);
  }

  #showLine(line: string): void {
    const text = `${plainLine(line)}\n`;
    const bytes = Buffer.byteLength(text);
    if (this.#shownBytes + bytes > this.#mostBytes) {
      this.#droppedBytes += bytes;
      this.#shownBytes = this.#mostBytes;
      return;
    }
    this.#shownBytes += bytes;
    this.#show(text);
  }
}

/** A text of somebody else, of any number of lines, made plain in the same way. */
export function plainText(text: string): string {
  return text
    .split(LINE_END)
    .map((line) => plainLine(line))
    .join('\n');
}

function plainLine(line: string): string {
  return stripVTControlCharacters(line)
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\t' ? '\t' : '\uFFFD'))
    .replaceAll('##[', '# #[')
    .replace(/^(\s*):(?=:)/, '$1: ');
}
