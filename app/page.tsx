// The one page: the workspace, drawn empty by the server, alive in the browser alone.
import { Workspace } from '@/components/workspace/Workspace';
import samples from '@/public/samples/samples.json';

export default function Page() {
  return <Workspace samples={samples} />;
}
