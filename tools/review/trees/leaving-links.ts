/** As many as Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;

/**
 * Whether a link leads out of its tree, by itself or through others. One whose target is missing, or that leads in a
 * circle, leads nowhere and so not out.
 *
 * @param links targets by path of the link, from the tree's root
 */
export function leavesTree(path: string, links: ReadonlyMap<string, string>): boolean {
  const reached: string[] = [];
  const ahead = path.split('/');
  let followed = 0;
  for (let part = ahead.shift(); part !== undefined; part = ahead.shift()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (reached.pop() === undefined) return true;
      continue;
    }
    reached.push(part);
    const target = links.get(reached.join('/'));
    if (target === undefined) continue;
    followed += 1;
    if (target.startsWith('/')) return true;
    if (followed > MOST_LINKS) return false;
    reached.pop();
    ahead.unshift(...target.split('/'));
  }
  return false;
}
