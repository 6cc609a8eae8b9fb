import { STORIES } from '../end-to-end/stories.ts';
import { tellStories } from '../end-to-end/tell-stories.ts';

/** What is not told for every change; the last story ends the platform here too. */
await tellStories(
  STORIES.filter((story, position) => story.always !== true || position === STORIES.length - 1),
);
