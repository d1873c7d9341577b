'use client';
// The door between the server's page and the workspace: nothing behind it is rendered on the server, which draws the words of welcome meanwhile.
import dynamic from 'next/dynamic';
import { Welcome } from '@/components/intake/Welcome';

const Workspace = dynamic(() => import('./Workspace').then((module) => module.Workspace), {
  ssr: false,
  loading: () => (
    <div className="flex h-dvh flex-col overflow-hidden" aria-busy="true">
      <header className="flex min-h-11 shrink-0 items-center border-b border-line px-3.5 font-semibold tracking-tight">
        Hoplane
      </header>
      <main className="min-h-0 flex-1 overflow-auto">
        <div className="mx-auto max-w-[912px] px-6 py-10">
          <Welcome />
        </div>
      </main>
    </div>
  ),
});

export function WorkspacePage() {
  return <Workspace />;
}
