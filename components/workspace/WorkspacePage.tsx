'use client';
// The door between the server's page and the workspace: nothing behind it is rendered on the server.
import dynamic from 'next/dynamic';

const Workspace = dynamic(() => import('./Workspace').then((module) => module.Workspace), {
  ssr: false,
  loading: () => (
    <p className="p-6 text-muted" role="status">
      Loading Hoplane
    </p>
  ),
});

export function WorkspacePage() {
  return <Workspace />;
}
