import { Metadata } from '@grpc/grpc-js';
import { describe, expect, test } from '@jest/globals';
import { COLOUR_METADATA, readColour, writeColour } from './colour.ts';

function metadataWith(...values: readonly string[]): Metadata {
  const metadata = new Metadata();
  for (const value of values) metadata.add(COLOUR_METADATA, value);
  return metadata;
}

describe('the colour in metadata', () => {
  test('is read as it was written', () => {
    const metadata = metadataWith('preview');
    writeColour(metadata, 'active');
    expect(readColour(metadata)).toBe('active');
    writeColour(metadata, 'preview');
    expect(metadata.get(COLOUR_METADATA)).toEqual(['preview']);
    expect(readColour(metadata)).toBe('preview');
  });

  test.each([[[]], [['active']], [['Preview']], [['']], [['preview', 'preview']]])(
    'is the active one for %j',
    (values) => {
      expect(readColour(metadataWith(...values))).toBe('active');
    },
  );
});
