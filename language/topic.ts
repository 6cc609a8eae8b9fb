/** The topic that takes what consumers of a topic could not handle. */
export function deadLetterTopic(topic: string): string {
  return `${topic}.dlq`;
}

/** What the ids of a service's consumer groups begin with; no other service can join those. */
export function groupPrefix(service: string): string {
  return `${service}.`;
}
