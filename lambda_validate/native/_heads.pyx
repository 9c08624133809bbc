# cython: language_level=3, binding=False, boundscheck=False, wraparound=False
"""Read the heads of usual requests: the headers that matter, the operation, and the members in path and query.

This does what `http.headers.wanted` and `http.boundary.Boundary.open` do, for the requests that most clients send. The
result for any other request is None ("not known"). The Python code then reads the request from the beginning.

What is not known: a value that is not exactly a str, bytes, list or tuple; a character beyond ASCII; a header or a name
in the query that occurs twice; a header that overrides the method; a name in the query that is not a member's; `;`, and
an encoded `&`; a literal segment that is encoded; an operation with members in headers, or of several operations that
fixed parameters distinguish; anything that is larger than a limit; and whatever is a fault.

All objects are owned while they are used. No code of the request runs, since its types are exact.
"""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from cpython.tuple cimport PyTuple_New
from libc.stdint cimport uint8_t, uint64_t
from libc.string cimport memchr, memcpy

cdef extern from "Python.h":
    ctypedef struct PyObject:
        pass
    ctypedef struct PyTypeObject
    ctypedef PyObject *(*allocfunc)(PyTypeObject *, Py_ssize_t)
    ctypedef struct PyTypeObject:
        allocfunc tp_alloc
    long long PyLong_AsLongLongAndOverflow(object, int *) except? -1
    PyObject *PyTuple_GET_ITEM(PyObject *, Py_ssize_t)
    void PyTuple_SET_ITEM(PyObject *, Py_ssize_t, PyObject *)
    void Py_INCREF(PyObject *)
    void Py_DECREF(PyObject *)
    bint PyUnicode_IS_COMPACT_ASCII(object)
    void *PyUnicode_DATA(object)
    Py_ssize_t PyUnicode_GET_LENGTH(object)
    str PyUnicode_New(Py_ssize_t, unsigned int)

cdef enum:
    SEGMENTS = 32
    PATH = 1
    QUERY = 2
    DIGITS = 18  # of a length: as many as `http.headers.declared_length` converts without a pattern

# The places of `http.limits.Limits`
cdef enum:
    BODY = 0
    HEADERS = 3
    TARGET = 4

# pchar = unreserved / pct-encoded / sub-delims / ":" / "@" ; RFC 3986, 3.3. A query also has "/" and "?". Here `&`
# separates its parts, and `;` is left out, which some programs take for a separator too.
cdef uint8_t[256] KINDS
cdef int code
for code in range(256):
    KINDS[code] = 0
for code in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$'()*+,=:@":
    KINDS[code] = PATH | QUERY
for code in b"&;":
    KINDS[code] = PATH
for code in b"/?":
    KINDS[code] = QUERY

cdef struct Span:
    const char *start
    Py_ssize_t size


cdef inline bint span_of(object value, Span *span):
    """Find the characters of exact bytes, or of an exact str in ASCII. Return whether that is what `value` is."""
    if type(value) is bytes:
        span.start, span.size = PyBytes_AS_STRING(value), PyBytes_GET_SIZE(value)
        return True
    if type(value) is str and PyUnicode_IS_COMPACT_ASCII(value):
        span.start, span.size = <const char *>PyUnicode_DATA(value), PyUnicode_GET_LENGTH(value)
        return True
    return False


cdef inline int digit_of(char character) noexcept:
    """Return the value of a hexadecimal digit; -1 for any other character."""
    if c"0" <= character <= c"9":
        return character - c"0"
    if c"a" <= character <= c"f":
        return character - c"a" + 10
    if c"A" <= character <= c"F":
        return character - c"A" + 10
    return -1


cdef object made_tuple(object kind, tuple items):
    """Return a tuple of a subclass, as `tuple.__new__` does in three times the time."""
    cdef Py_ssize_t at
    cdef PyObject *made = (<PyTypeObject *>kind).tp_alloc(<PyTypeObject *>kind, len(items))
    if made == NULL:
        raise MemoryError
    for at in range(len(items)):
        put(made, at, PyTuple_GET_ITEM(<PyObject *>items, at))
    found = <object>made
    Py_DECREF(made)
    return found


cdef inline void put(PyObject *made, Py_ssize_t at, PyObject *item) noexcept:
    Py_INCREF(item)
    PyTuple_SET_ITEM(made, at, item)


cdef bint exceeds(long long size, object limit) except -1:
    """Return whether a size is above a limit, which may be any integer."""
    cdef int overflow = 0
    cdef long long most = PyLong_AsLongLongAndOverflow(limit, &overflow)
    return overflow < 0 or (overflow == 0 and size > most)


cdef str decoded(Span piece, int kind):
    """Return a piece of a target decoded once. Return None if it is not in its grammar, or not ASCII."""
    cdef Py_ssize_t at = 0, escapes = 0
    cdef int high, low
    while at < piece.size:
        if KINDS[<uint8_t>piece.start[at]] & kind:
            at += 1
            continue
        if piece.start[at] != c"%" or at + 2 >= piece.size:
            return None
        high, low = digit_of(piece.start[at + 1]), digit_of(piece.start[at + 2])
        if high < 0 or high > 7 or low < 0:
            return None
        if kind == QUERY and high * 16 + low in (0x26, 0x3B):  # `&` and `;`
            return None
        at += 3
        escapes += 1
    cdef Py_ssize_t size = piece.size - 2 * escapes
    if size == 0:
        return ""
    made = PyUnicode_New(size, 127)
    cdef char *end = <char *>PyUnicode_DATA(made)
    if escapes == 0:
        memcpy(end, piece.start, size)
        return made
    at = 0
    while at < piece.size:
        if piece.start[at] == c"%":
            end[0] = <char>(digit_of(piece.start[at + 1]) * 16 + digit_of(piece.start[at + 2]))
            at += 3
        else:
            end[0] = piece.start[at]
            at += 1
        end += 1
    return made


@cython.final
cdef class HeaderReader:
    """Reads the headers with some names, and those whose names have a prefix. Names are in lower case.

    Most other names are recognised by their first byte and their length, without making an object.
    """

    cdef uint64_t[256] lengths  # by first byte: a bit for each length of a name, the last for all that are longer
    cdef frozenset names
    cdef bytes prefix

    def __init__(self, frozenset names, bytes prefix):
        cdef Py_ssize_t size
        cdef uint8_t first
        self.names, self.prefix = names, prefix
        for name in (*names, *(prefix + b"a" * count for count in range(64 - len(prefix)))):
            size = min(len(name), 63)
            for first in {(<bytes>name)[:1].lower()[0], (<bytes>name)[:1].upper()[0]}:
                self.lengths[first] |= <uint64_t>1 << size

    def read(self, headers, Py_ssize_t limit):
        """Return the headers that matter by lower-case name, as `http.headers.wanted` does; None if not known."""
        return self.found(headers, limit) if type(headers) is list or type(headers) is tuple else None

    cdef dict found(self, headers, Py_ssize_t limit):
        cdef list pairs = headers if type(headers) is list else list(headers)
        cdef dict found = {}
        cdef Span span
        if len(pairs) > limit:
            return None
        for pair in pairs:
            if type(pair) is tuple and len(<tuple>pair) == 2:
                name, value = (<tuple>pair)[0], (<tuple>pair)[1]
            elif type(pair) is list and len(<list>pair) == 2:
                name, value = (<list>pair)[0], (<list>pair)[1]
            else:
                return None
            if not span_of(name, &span):
                return None
            if span.size == 0 or not self.lengths[<uint8_t>span.start[0]] >> min(span.size, 63) & 1:
                continue
            key = lowered(span)
            if key not in self.names and not key.startswith(self.prefix):
                continue
            if not span_of(value, &span) or key in found:
                return None
            found[key] = (value if type(value) is bytes else PyBytes_FromStringAndSize(span.start, span.size),)
        return found


cdef bytes lowered(Span span):
    """Return a name in lower case."""
    made = PyBytes_FromStringAndSize(span.start, span.size)
    cdef char *start = PyBytes_AS_STRING(made)
    cdef Py_ssize_t at
    for at in range(span.size):
        if c"A" <= start[at] <= c"Z":
            start[at] |= 32
    return made


@cython.final
cdef class Entry:
    """An operation, and the members in its path and query. They are described when the first request is read."""

    cdef object route, operation
    cdef tuple labels
    cdef dict query
    cdef bint is_described


@cython.final
cdef class Group:
    """Operations whose paths have their literals at the same indexes, by the literals and by method."""

    cdef dict routes
    cdef Py_ssize_t[SEGMENTS] places
    cdef Py_ssize_t count

    cdef tuple literals(self, Span *segments):
        """Return the segments of a path at the indexes of the literals, as they were sent."""
        cdef Py_ssize_t at
        cdef Span *segment
        found = PyTuple_New(self.count)
        for at in range(self.count):
            segment = &segments[self.places[at]]
            piece = PyBytes_FromStringAndSize(segment.start, segment.size)
            put(<PyObject *>found, at, <PyObject *>piece)
        return found


@cython.final
cdef class HeadReader:
    """Reads heads by the routes of an edition.

    `plain` has the routes by path and method, `groups` the same by number of segments, by indexes of literals, by
    literals and by method. A route is None if several operations share it. `describe(route)` returns the operation, the
    labels (index, member and function that parses it, if any) and the names in the query (member and function), or
    None. `head` and `members` are the types of the result.
    """

    cdef HeaderReader headers
    cdef frozenset overrides
    cdef dict plain, groups
    cdef object describe, head, members

    def __init__(self, HeaderReader headers, frozenset overrides, dict plain, dict groups, describe, type head, type members):
        self.headers, self.overrides, self.describe = headers, overrides, describe
        self.head, self.members = head, members
        self.plain = {path: entries(methods) for path, methods in plain.items()}
        self.groups = {
            count: [made_group(places, routes) for places, routes in some]
            for count, some in groups.items() if count <= SEGMENTS
        }

    def read(self, method, target, headers, limits):
        """Return the head of a request, None if it is not known. `limits` are an `http.limits.Limits`."""
        cdef Span whole, query
        cdef Span[SEGMENTS] segments
        cdef const char *mark
        cdef Entry entry
        if type(method) is not str or not (type(headers) is list or type(headers) is tuple):
            return None
        if not span_of(target, &whole):
            return None
        if whole.size == 0 or whole.start[0] != c"/" or exceeds(whole.size, limits[TARGET]):
            return None
        if exceeds(len(headers), limits[HEADERS]):
            return None
        query.start, query.size = NULL, 0
        mark = <const char *>memchr(whole.start, c"?", whole.size)
        if mark != NULL:
            query.start, query.size = mark + 1, whole.size - (mark - whole.start) - 1
            whole.size = mark - whole.start
        entry = self.find(method, whole, segments)
        if entry is None or not self.is_usual(entry):
            return None
        values, places = {}, {}
        for place, member, function in entry.labels:
            text = decoded(segments[<Py_ssize_t>place], PATH)
            if text is None:
                return None
            values[member], places[member] = text if function is None else function(text), "path"
        if query.size and not read_query(entry.query, query, values, places):
            return None
        found = self.known_headers(headers, limits)
        if found is None:
            return None
        members = made_tuple(self.members, (values, places, []))
        return made_tuple(self.head, (None, entry.operation, members, found))

    cdef dict known_headers(self, headers, limits):
        """Return the headers that matter, None if one of them is not as usual."""
        cdef dict found = self.headers.found(headers, len(headers))
        if found is None:
            return None
        for name in found:
            if name in self.overrides:
                return None
        length = found.get(b"content-length")
        if length is not None:
            digits = <bytes>length[0]
            if len(digits) > DIGITS or not digits.isdigit() or exceeds(int(digits), limits[BODY]):
                return None
        return found

    cdef Entry find(self, method, Span path, Span *segments):
        """Return the one operation with this method and path, and find the segments of the path; else None."""
        cdef Py_ssize_t count = 0, size = path.size
        cdef const char *start = path.start
        cdef const char *end
        cdef Entry entry = None
        cdef Group group
        cdef bint is_encoded
        methods = self.plain.get(PyBytes_FromStringAndSize(path.start, path.size))
        if methods is not None:
            return methods.get(method)
        while True:
            if count == SEGMENTS:
                return None
            end = <const char *>memchr(start, c"/", size)
            segments[count].start, segments[count].size = start, end - start if end != NULL else size
            count += 1
            if end == NULL:
                break
            size -= end - start + 1
            start = end + 1
        if count > 2 and segments[count - 1].size == 0:
            count -= 1
        is_encoded = memchr(path.start, c"%", path.size) != NULL
        for item in <list>self.groups.get(count, []):
            group = item
            key = group.literals(segments)
            methods = group.routes.get(key)
            if methods is None:
                if is_encoded and any_encoded(key):
                    return None
                continue
            if method not in <dict>methods:
                continue
            if entry is not None:
                return None
            entry = (<dict>methods)[method]
            if entry is None:
                return None
        return entry

    cdef bint is_usual(self, Entry entry):
        """Return whether an operation's members are described, which may be without any members in headers."""
        if not entry.is_described:
            described = self.describe(entry.route)
            if described is not None:
                entry.operation, entry.labels, entry.query = described
            entry.is_described = True
        return entry.operation is not None


cdef bint any_encoded(tuple found):
    """Return whether a segment has a percent sign."""
    for segment in found:
        if b"%" in <bytes>segment:
            return True
    return False


cdef bint read_query(dict names, Span query, dict values, dict places):
    """Add the members in a query. Return whether it has members only, each of them once."""
    cdef Span name, value
    cdef const char *end = query.start + query.size
    cdef const char *mark
    while query.start < end:
        name.start = query.start
        mark = <const char *>memchr(name.start, c"&", end - name.start)
        name.size = (mark if mark != NULL else end) - name.start
        query.start += name.size + 1
        if name.size == 0:
            continue
        value.start, value.size = NULL, 0
        mark = <const char *>memchr(name.start, c"=", name.size)
        if mark != NULL:
            value.start, value.size = mark + 1, name.size - (mark - name.start) - 1
            name.size = mark - name.start
        described = names.get(PyBytes_FromStringAndSize(name.start, name.size))
        if described is None:
            return False
        member, function = described
        text = decoded(value, QUERY)
        if text is None or member in values:
            return False
        values[member], places[member] = text if function is None else function(text), "query"
    return True


cdef dict entries(methods):
    """Return an entry for each route, by method; None for None."""
    made = {}
    for method, route in methods.items():
        made[method] = made_entry(route) if route is not None else None
    return made


cdef Entry made_entry(route):
    cdef Entry entry = Entry()
    entry.route = route
    return entry


cdef Group made_group(tuple places, routes):
    cdef Group group = Group()
    cdef Py_ssize_t at
    group.count = len(places)
    for at in range(group.count):
        group.places[at] = places[at]
    group.routes = {key: entries(methods) for key, methods in routes.items()}
    return group
