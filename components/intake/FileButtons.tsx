'use client';
// The two ways to pick captures without dragging.
import { type ChangeEvent, useRef } from 'react';
import { Button } from '@/components/ui/Button';
import { pickFiles } from '@/lib/store/file-handles';
import { workspace } from '@/lib/store/workspace';
import { folderFiles } from './collect-files';
import { takeFiles } from './take-files';

export function FileButtons({ size = 'medium' }: { readonly size?: 'small' | 'medium' }) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  const chooseFiles = async () => {
    const picked = await pickFiles();
    if (picked === null) files.current?.click();
    else workspace.addFiles(picked);
  };
  const takePicked = (event: ChangeEvent<HTMLInputElement>) => {
    workspace.addFiles([...(event.target.files ?? [])]);
    event.target.value = '';
  };
  const takeFolder = (event: ChangeEvent<HTMLInputElement>) => {
    takeFiles({ named: [], inFolders: folderFiles([...(event.target.files ?? [])]) });
    event.target.value = '';
  };

  return (
    <div className="flex gap-2">
      <Button look="solid" data-command="open" size={size} onClick={() => void chooseFiles()}>
        Choose files
      </Button>
      <Button size={size} onClick={() => folder.current?.click()}>
        Choose a folder
      </Button>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-label="Capture files"
        onChange={takePicked}
      />
      <input
        ref={folder}
        type="file"
        hidden
        aria-label="Folder with captures"
        onChange={takeFolder}
        {...{ webkitdirectory: '' }}
      />
    </div>
  );
}
