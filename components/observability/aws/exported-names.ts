/** What PromString of the exporter makes one '_' of. */
const BETWEEN = /[ ,\t/\\.\-:=@<>()“]/;

/**
 * A word of CloudWatch as the exporter writes it: in lower case, with '_' before a capital behind a small letter or a digit.
 * Source: yet-another-cloudwatch-exporter 0.67.0, pkg/promutil/prometheus.go:283, PromStringToBuilder
 */
function exported(text: string): string {
  const letters = Array.from(text, (letter, place) => {
    if (BETWEEN.test(letter)) return '_';
    if (letter === '%') return '_percent';
    const begins = /\p{Lu}/u.test(letter) && /[\p{Ll}\d]/u.test(text[place - 1] ?? '');
    return `${begins ? '_' : ''}${letter.toLowerCase()}`;
  });
  return letters.join('');
}

/**
 * The name under which the exporter shows a statistic of a metric. What a metric's name has in common with its namespace is left
 * out, as of 'KafkaDataLogsDiskUsed' in 'AWS/Kafka'. Source: yet-another-cloudwatch-exporter 0.67.0,
 * pkg/promutil/migrate.go:30, BuildMetricName
 */
export function exportedName(namespace: string, metric: string, statistic: string): string {
  const prefix = exported(namespace.toLowerCase());
  const name = exported(metric);
  const skipped = prefix
    .split('_')
    .reduce((skip, part) => (name.slice(skip).startsWith(part) ? part.length : skip), 0);
  const begun = prefix.startsWith('aws') ? prefix : `aws_${prefix}`;
  return `${begun}_${name.slice(skipped).replace(/^_/, '')}_${exported(statistic)}`;
}

/** The label that a dimension of CloudWatch becomes, where labels are written as names are (`labels-snake-case`). */
export function exportedLabel(dimension: string): string {
  return `dimension_${exported(dimension)}`;
}
