"""A disk as the record of record.c tells it, and what is left of it when the power is cut.

A write is durable once a sync of its file that began after it has ended; a name once a sync of the
folder has. What a failed sync covered never becomes durable, unless it is written again. What was
written and not synced is, at a cut, by kind of disk:
  strict  gone: the least that a disk may keep
  torn    gone or kept by sector of 512 or 4096 bytes, whatever the order it was written in; of the
          folder's changes the first few are kept (they go through a journal, in their order)
  kept    all there: what a kill of the machine's processes would leave
"""
import collections
import os
import struct

OPEN, WRITE, CUT, SYNC, SYNCED, UNLINK, RENAME, DROPPED = range(1, 9)
HEAD = struct.Struct("=IIQQQ")


def records(path):
    """(end position, what, thread, inode, at, bytes) of a whole record, one after the other."""
    end = 0
    with open(path, "rb") as log:
        while True:
            head = log.read(HEAD.size)
            if len(head) < HEAD.size:
                return
            what, thread, inode, at, size = HEAD.unpack(head)
            data = log.read(size)
            if len(data) < size:
                return
            end += HEAD.size + size
            yield end, what, thread, inode, at, data


def put(content, at, data):
    if len(content) < at:
        content.extend(bytes(at - len(content)))
    content[at:at + len(data)] = data


def cut(content, size):
    if len(content) > size:
        del content[size:]
    else:
        content.extend(bytes(size - len(content)))


class File:
    """What is durable, what the machine believes, and what lies between."""

    def __init__(self, content=b""):
        self.durable, self.now = bytearray(content), bytearray(content)
        self.pending = collections.deque()  # (number, at, bytes or None for a change of the size)

    def do(self, number, at, data):
        self.pending.append((number, at, data))
        if data is None:
            cut(self.now, at)
        else:
            put(self.now, at, data)

    def synced(self, before):
        while self.pending and self.pending[0][0] < before:
            _, at, data = self.pending.popleft()
            if data is None:
                cut(self.durable, at)
            else:
                put(self.durable, at, data)

    def dropped(self, before):
        while self.pending and self.pending[0][0] < before:
            self.pending.popleft()

    def torn(self, chance):
        content = bytearray(self.durable)
        sector, kept = chance.choice((512, 4096)), chance.choice((0.1, 0.5, 0.9, 1.0))
        for _, at, data in self.pending:
            if data is None:
                if chance.random() < kept:
                    cut(content, at)
                continue
            while data:
                piece = sector - at % sector
                if chance.random() < kept:
                    put(content, at, data[:piece])
                at, data = at + piece, data[piece:]
        return content


class Disk:
    """The folder that was recorded, from what it held before."""

    def __init__(self, folder, before):
        self.folder, self.number, self.dir_inode = folder, 0, None
        self.durable = {}    # name: File
        self.inodes = {}     # as the record calls them
        self.started = {}    # (thread, inode): number of the first write that its sync does not cover
        self.dir_pending = []  # (number, name, File or None for one that went)
        for name in os.listdir(before):
            with open(os.path.join(before, name), "rb") as file:
                self.durable[name] = File(file.read())
        self.now = dict(self.durable)

    def name_of(self, path):
        return os.path.relpath(path.decode(), self.folder)

    def opened(self, inode, made, name):
        if name == ".":
            self.dir_inode = inode
        elif made or name not in self.now:
            self.entry(name, File())
        if name != ".":
            self.inodes[inode] = self.now[name]

    def entry(self, name, file):
        self.dir_pending.append((self.number, name, file))
        if file is None:
            self.now.pop(name, None)
        else:
            self.now[name] = file

    def synced(self, thread, inode):
        before = self.started.pop((thread, inode))
        if inode == self.dir_inode:
            while self.dir_pending and self.dir_pending[0][0] < before:
                self.enter(self.durable, *self.dir_pending.pop(0)[1:])
        elif inode in self.inodes:
            self.inodes[inode].synced(before)

    @staticmethod
    def enter(names, name, file):
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file

    def play(self, record):
        _, what, thread, inode, at, data = record
        self.number += 1
        if what == OPEN:
            self.opened(inode, at == 1, self.name_of(data))
        elif what in (WRITE, CUT):
            self.inodes[inode].do(self.number, at, data if what == WRITE else None)
        elif what == SYNC:
            self.started[thread, inode] = self.number
        elif what == SYNCED:
            self.synced(thread, inode)
        elif what == DROPPED:
            before = self.started.pop((thread, inode))
            if inode in self.inodes:
                self.inodes[inode].dropped(before)
        elif what == UNLINK:
            self.entry(self.name_of(data), None)
        elif what == RENAME:
            old, new = data.split(b"\0")
            file = self.now[self.name_of(old)]
            self.entry(self.name_of(new), file)
            self.entry(self.name_of(old), None)

    def left(self, kind, chance):
        """Name: bytes, of what a cut leaves now."""
        if kind == "kept":
            names = {name: file.now for name, file in self.now.items()}
        elif kind == "strict":
            names = {name: file.durable for name, file in self.durable.items()}
        else:
            kept = dict(self.durable)
            for _, name, file in self.dir_pending[:chance.randint(0, len(self.dir_pending))]:
                self.enter(kept, name, file)
            names = {name: file.torn(chance) for name, file in kept.items()}
        # what goes through a mapping was not recorded: gone, or whatever stood on the disk there
        names = {name: content for name, content in names.items() if not name.endswith("-shm")}
        if kind == "torn" and "city.db" in names and chance.random() < 0.5:
            names["city.db-shm"] = chance.randbytes(32768)
        return names

    def build(self, folder, kind, chance):
        os.makedirs(folder)
        for name, content in self.left(kind, chance).items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
            if name == "root.key":
                os.chmod(os.path.join(folder, name), 0o400)
