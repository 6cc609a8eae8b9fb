import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';

/** How the programs that run here are told to take any certificate: Go's, Grafana's, KEDA's, Envoy's, Node.js'. */
const UNCHECKED =
  /insecure|skip[-_ ]?(?:tls[-_ ]?)?verif|unsafe[-_ ]?ssl|reject[-_]?unauthorized|ssl\.verification|verify[-_]?none|accept_untrusted/i;

const folder = import.meta.dirname;

/** All that is rendered for any landing: each file of it is a golden one. */
const rendered = globSync('**/*.golden.*', { cwd: folder }).toSorted();

describe('what is rendered', () => {
  test.each(rendered)('in %s takes no certificate unchecked', (file) => {
    const lines = readFileSync(path.join(folder, file), 'utf8').split('\n');
    const found = lines.flatMap((line, index) => {
      const match = UNCHECKED.exec(line);
      return match === null
        ? []
        : [`${index + 1}: ${line.slice(Math.max(0, match.index - 40), match.index + 60)}`];
    });
    expect(found).toEqual([]);
  });

  test('is all of it: services, manifests of every noun, boards and the local stack', () => {
    for (const part of [
      'staging/manifests/observability',
      'staging/catalog',
      'boards/',
      'local/',
    ]) {
      expect(rendered.some((file) => file.startsWith(part))).toBe(true);
    }
  });
});
