"""The page shared with fault.c: which call fails in the running program, or kills it, and its clock."""
import errno
import mmap

import struct

from city import Server, shim

READ, WRITE, SYNC, CUT, OPEN, UNLINK, ALLOC = 1, 2, 4, 8, 16, 32, 64
MASK, LEFT, ERROR, GOES_ON, FIRED, CLOCK, SEEN = range(7)
KILL, LIE = 0, -1


class Page:
    def __init__(self, path):
        with open(path, "wb") as file:
            file.write(bytes(4096))
        self.path = path
        with open(path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 4096)

    def put(self, field, value):
        struct.pack_into("=q", self.memory, 8 * field, value)

    def get(self, field):
        return struct.unpack_from("=q", self.memory, 8 * field)[0]

    def arm(self, mask, nth, error=errno.EIO, goes_on=False):
        """The nth call of the kinds in mask fails with error (KILL: the program is killed there)."""
        self.put(MASK, 0)
        for field, value in ((LEFT, nth), (ERROR, error), (GOES_ON, int(goes_on)), (FIRED, 0), (SEEN, 0)):
            self.put(field, value)
        self.put(MASK, mask)

    def calm(self):
        """No call fails any more; how many did."""
        self.put(MASK, 0)
        self.put(GOES_ON, 0)
        return self.get(FIRED)

    def clock(self, seconds):
        self.put(CLOCK, seconds * 1000)

    def server(self, city, **more):
        return Server(city, preload=shim("fault"), TORTURE_DIR=city.folder, TORTURE_PAGE=self.path, **more)


def page_of(city):
    return Page(city.folder + ".page")


