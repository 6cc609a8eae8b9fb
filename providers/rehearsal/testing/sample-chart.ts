import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A chart of one object, by file. */
export const sampleChart: Readonly<Record<string, string>> = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
  'chart/values.yaml': 'replicas: 2\ncolour: green\n',
  'chart/values.schema.json': '{"properties": {"replicas": {"type": "integer", "maximum": 20}}}',
  'chart/templates/configmap.yaml': [
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata: { name: shop }',
    'data:',
    '  replicas: "{{ .Values.replicas }}"',
    '  colour: "{{ .Values.colour }}"',
    '  note: \'{{ "{{" }} literal }}\'',
    '',
  ].join('\n'),
};

/** Writes files below a folder. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}
