import { describe, expect, test } from '@jest/globals';
import { Placeholders } from './placeholder.ts';

interface SampleValues {
  readonly colour: string;
  readonly size: { readonly least: number; readonly most: number };
}

const values = new Placeholders<SampleValues>({
  colour: { type: 'string', pattern: '^[a-z]+$' },
  'size.least': { type: 'integer', minimum: 2 },
  'size.most': { type: 'integer', maximum: 20 },
});

const every = `${values.at('colour')} ${values.at('size.least')} ${values.at('size.most')}`;

describe('Placeholders', () => {
  test('become references to values of Helm, and keep their types until then', () => {
    expect(typeof values.at('colour')).toBe('string');
    expect(typeof values.at('size.most')).toBe('number');
    expect(values.templates({ a: `x: ${every}`, b: 'y: 1' })).toEqual({
      a: 'x: {{ .Values.colour }} {{ .Values.size.least }} {{ .Values.size.most }}',
      b: 'y: 1',
    });
  });

  test('stay texts where a text is all of a value, whatever it looks like', () => {
    const text = `x: ${values.at('colour')}\ny: in ${values.at('colour')}\nz: ${values.at('size.most')}\n`;
    expect(values.templates({ a: text, b: every })['a']).toBe(
      'x: "{{ .Values.colour }}"\ny: in {{ .Values.colour }}\nz: {{ .Values.size.most }}\n',
    );
  });

  test('leave what looks like a template a text', () => {
    expect(values.templates({ a: `${every} {{ .Release.Name }}` })['a']).toContain(
      '{{ "{{" }} .Release.Name }}',
    );
  });

  test('become the values themselves in a plain value, numbers as numbers', () => {
    const plain = {
      paint: `in ${values.at('colour')} (${values.at('size.least')})`,
      sizes: [values.at('size.least'), { most: values.at('size.most') }, 7, null, true],
    };
    expect(values.filled(plain, { colour: 'red', size: { least: 3, most: 9 } })).toEqual({
      paint: 'in red (3)',
      sizes: [3, { most: 9 }, 7, null, true],
    });
  });

  test('must all be used', () => {
    expect(() => values.templates({ a: values.at('colour') })).toThrow(
      'Values that no template uses: size.least, size.most',
    );
  });

  test('give a schema that wants every value and allows no other', () => {
    expect(values.schema()).toEqual({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      additionalProperties: false,
      required: ['colour', 'size'],
      properties: {
        colour: { type: 'string', pattern: '^[a-z]+$' },
        size: {
          type: 'object',
          additionalProperties: false,
          required: ['least', 'most'],
          properties: {
            least: { type: 'integer', minimum: 2 },
            most: { type: 'integer', maximum: 20 },
          },
        },
      },
    });
  });
});
