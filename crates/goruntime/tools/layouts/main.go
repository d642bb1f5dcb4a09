// Command layouts makes the tables of crates/goruntime/src/layout/tables.rs: where the fields of the runtime's
// structs are, release by release, as the DWARF of Go executables states it.
//
//	go run . [-dump] program...
//
// Each program is an ELF executable for a 64-bit or a 32-bit architecture; its Go release is read from its build
// information. The program should use maps, channels, select, defer, panic, reflect and pprof labels, so that the
// linker keeps the structs' descriptions. With -dump, the facts of each program are printed instead, one a line:
// program, minor release, pointer size, fact, offset.
package main

import (
	"bufio"
	"debug/buildinfo"
	"debug/dwarf"
	"debug/elf"
	_ "embed"
	"flag"
	"fmt"
	"log"
	"os"
	"sort"
	"strconv"
	"strings"
)

//go:embed facts.txt
var factsText string

// A fact is one line of facts.txt.
type fact struct {
	name, doc       string
	structs, fields []string
}

// A layout holds each struct's fields and their offsets; "-" is the struct's size.
type layout struct {
	minor, pointerSize int
	structs            map[string]map[string]int64
}

// absent marks a field that the struct does not have; unknown, a struct that the program's DWARF lacks.
const (
	absent  = -1
	unknown = -2
)

func (l *layout) offset(f fact) int64 {
	found := false
	for _, s := range f.structs {
		fields, ok := l.structs[s]
		found = found || ok
		for _, name := range f.fields {
			if offset, ok := fields[name]; ok {
				return offset
			}
		}
	}
	if found {
		return absent
	}
	return unknown
}

func main() {
	log.SetFlags(0)
	dump := flag.Bool("dump", false, "print the facts of each program")
	flag.Parse()
	facts := parseFacts()
	var layouts []*layout
	for _, path := range flag.Args() {
		l, err := read(path, facts)
		if err != nil {
			log.Fatalf("%s: %v", path, err)
		}
		layouts = append(layouts, l)
		if *dump {
			for _, f := range facts {
				fmt.Println(path, l.minor, l.pointerSize, f.name, l.offset(f))
			}
		}
	}
	if !*dump {
		sort.Slice(layouts, func(i, j int) bool { return layouts[i].minor < layouts[j].minor })
		write(facts, layouts)
	}
}

func parseFacts() []fact {
	var facts []fact
	for _, line := range strings.Split(factsText, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		part := strings.Split(line, " | ")
		facts = append(facts, fact{part[0], part[3], strings.Fields(part[1]), strings.Fields(part[2])})
	}
	return facts
}

func read(path string, facts []fact) (*layout, error) {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return nil, err
	}
	minor, err := strconv.Atoi(strings.FieldsFunc(strings.TrimPrefix(info.GoVersion, "go1."), func(r rune) bool {
		return r < '0' || r > '9'
	})[0])
	if err != nil {
		return nil, err
	}
	file, err := elf.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := file.DWARF()
	if err != nil {
		return nil, err
	}
	l := &layout{minor, 8, map[string]map[string]int64{}}
	if file.Class == elf.ELFCLASS32 {
		l.pointerSize = 4
	}
	wanted := map[string]bool{}
	for _, f := range facts {
		for _, s := range f.structs {
			wanted[s] = true
		}
	}
	for reader := data.Reader(); ; {
		entry, err := reader.Next()
		if err != nil || entry == nil {
			return l, err
		}
		name, _ := entry.Val(dwarf.AttrName).(string)
		if entry.Tag == dwarf.TagStructType && wanted[name] {
			t, err := data.Type(entry.Offset)
			if err != nil {
				return nil, err
			}
			st := t.(*dwarf.StructType)
			fields := map[string]int64{"-": st.ByteSize}
			for _, field := range st.Field {
				fields[field.Name] = field.ByteOffset
			}
			l.structs[name] = fields
		}
		if entry.Tag != dwarf.TagCompileUnit {
			reader.SkipChildren()
		}
	}
}

// write prints tables.rs: for each fact, the releases at which it changes.
func write(facts []fact, layouts []*layout) {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	fmt.Fprint(out, "//! Where the fields of the runtime's structs are, from the DWARF of Go 1.18 .. 1.27 on Linux.\n"+
		"//! Made by `tools/layouts`; do not edit.\n\nuse super::{Row, Since};\n\n"+
		"/// One fact about a layout: the offset of a field in its struct, or the size of a struct, in bytes.\n"+
		"#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]\n#[non_exhaustive]\npub enum Fact {\n")
	for _, f := range facts {
		fmt.Fprintf(out, "    /// `%s`: %s.\n    %s,\n", f.structs[len(f.structs)-1], f.doc, f.name)
	}
	fmt.Fprint(out, "}\n\n/// All facts, in the order of [`Fact`].\npub(super) const ROWS: &[Row] = &[\n")
	for _, f := range facts {
		since, last := []string{}, [2]int64{unknown, unknown}
		for minor := 18; minor <= layouts[len(layouts)-1].minor; minor++ {
			now := last
			for _, l := range layouts {
				if offset := l.offset(f); l.minor == minor && offset != unknown {
					now[l.pointerSize/8^1] = offset
				}
			}
			if now != last {
				since = append(since, fmt.Sprintf("Since(%d, %s, %s)", minor, option(now[0]), option(now[1])))
				last = now
			}
		}
		fmt.Fprintf(out, "    Row {\n        fact: Fact::%s,\n        structs: &[%s],\n        fields: &[%s],\n        since: &[%s],\n    },\n",
			f.name, quoted(f.structs), quoted(f.fields), strings.Join(since, ", "))
	}
	fmt.Fprint(out, "];\n")
}

func option(offset int64) string {
	if offset < 0 {
		return "None"
	}
	return fmt.Sprintf("Some(%d)", offset)
}

func quoted(names []string) string {
	var list []string
	for _, name := range names {
		list = append(list, strconv.Quote(name))
	}
	return strings.Join(list, ", ")
}
