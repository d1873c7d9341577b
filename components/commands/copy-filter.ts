// Puts a display filter on the clipboard and says which.
import { workspace } from '@/lib/store/workspace';

export const copyFilter = (filter: string): void =>
  void navigator.clipboard.writeText(filter).then(
    () => workspace.say(`Copied: ${filter}`),
    () => workspace.say('The browser does not allow copying'),
  );
