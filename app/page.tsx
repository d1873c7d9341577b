// The one page: the workspace, which lives in the browser alone.
import { WorkspacePage } from '@/components/workspace/WorkspacePage';

export default function Page() {
  return <WorkspacePage />;
}
