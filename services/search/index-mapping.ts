/** Letters that a word may lack or have wrong are Elasticsearch's to forgive; see fold.ts for all else. */
const WORDS = 'words';

/** Bounds what a copy of it in memory takes; longer words are cut into several. */
const WORD_LENGTH_MAX = 100;

const text = { type: 'text', analyzer: WORDS } as const;
const keyword = { type: 'keyword', ignore_above: 256 } as const;
const stored = { type: 'object', enabled: false } as const;

/**
 * Settings and mapping of the index: parts of Elasticsearch that every landing has, so that the same
 * index runs on all (ADR 57). What is not named here is kept and not searched.
 */
export const PRODUCT_INDEX = {
  settings: {
    number_of_shards: 1,
    // A copy in another zone where there is one.
    auto_expand_replicas: '0-1',
    refresh_interval: '1s',
    analysis: {
      tokenizer: { words: { type: 'standard', max_token_length: WORD_LENGTH_MAX } },
      analyzer: { [WORDS]: { type: 'custom', tokenizer: 'words', filter: ['lowercase'] } },
    },
  },
  mappings: {
    dynamic: false,
    properties: {
      product_id: keyword,
      product: stored,
      stock: stored,
      shown: { type: 'boolean' },
      in_stock: { type: 'boolean' },
      category: keyword,
      brand: keyword,
      currency: keyword,
      price: { type: 'long' },
      folded: {
        properties: {
          // Offsets are what highlights are made from.
          name: { ...text, index_options: 'offsets' },
          brand: text,
          category: text,
          attributes: text,
          description: { ...text, index_options: 'offsets' },
          all: { ...text, norms: false },
        },
      },
      suggest: { type: 'completion', analyzer: WORDS, max_input_length: 60 },
    },
  },
} as const;
