import { fieldsOf, textOf } from '../fields.ts';
import type { ObjectRule } from '../rule.ts';

/** By what costs are told apart, and by what somebody who finds a resource knows whose it is. */
const WANTED = ['Project', 'Stack', 'ManagedBy'];

/**
 * Of a resource that can be tagged, the provider adds the default tags to its own before it is judged, and tells all of them.
 * Source: pulumi-aws 7, provider/tags.go (applyTags)
 */
export const cloudResourcesAreTagged: ObjectRule = {
  id: 'cloud-resources-are-tagged',
  statement:
    'Whatever can be tagged in AWS says of which project and stack it is, and what manages it',
  reason: 'nobody can tell what it costs, or whether it may go',
  fix: "'aws:defaultTags' of the stack's settings",
  problemsOf: ({ kind, fields }) => {
    const { tagsAll: tags } = fields;
    // Tags that are not known yet are a text.
    if (!kind.startsWith('aws:') || typeof tags !== 'object' || tags === null) return [];
    const missing = WANTED.filter((name) => textOf(fieldsOf(tags)[name]) === '');
    return missing.length === 0 ? [] : [`lacks the tags ${missing.join(', ')}`];
  },
};
