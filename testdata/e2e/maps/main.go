// Maps with keys of every kind, in the midst of growing where maps grow bit by bit, each with the list of its keys.
// The element of the list's key i is i; the keys of a 64th of each list are deleted again.
package main

import (
	"fmt"
	"math"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"unsafe"
)

// A map of buckets begins to grow with entry 6.5 * 256 + 1, and moves two old buckets with each write.
const entries = 1670

// headers are the maps' headers, which begin with the number of entries.
var headers []*int

func watch(m any) { headers = append(headers, (*[2]*int)(unsafe.Pointer(&m))[1]) }

func fill[K comparable](key func(i int) K) (map[K]int, []K) {
	m := map[K]int{}
	var keys []K
	for i := 0; i < entries; i++ {
		k := key(i)
		if _, known := m[k]; !known && k == k {
			m[k] = len(keys)
			keys = append(keys, k)
		}
	}
	for _, k := range keys[:len(keys)/64] {
		delete(m, k)
	}
	watch(m)
	return m, keys
}

type (
	id     int64
	plain  struct{ A, B int32 }
	twelve struct{ A, B, C int32 }
	single struct{ S string }
	tail   struct {
		S string
		E struct{}
	}
	padded struct {
		A int8
		B int64
		C int16
	}
	mixed struct {
		A, B int32
		S    string
		C    int8
		D    int16
		F    float32
		G    float64
	}
	blank struct {
		A int32
		_ int32
		B int32
		_ string
		C string
		_ struct{}
		D int8
	}
	nested struct {
		P  plain
		X  int32
		In struct {
			Y int32
			Z plain
			S string
		}
		W int8
		T [3]plain
	}
	pointed struct{ P *int }
	holder  struct {
		I any
		S fmt.Stringer
		N int
	}
	only struct {
		A    int32
		S    string
		B, C int32
	}
)

func (n id) String() string      { return strconv.Itoa(int(n)) }
func (p *padded) String() string { return "padded" }
func (p pointed) String() string { return "pointed" }
func (m mixed) String() string   { return m.S }
func text(i int) string          { return strings.Repeat("k", i%300) + strconv.Itoa(i) }
func aPlain(i int) plain         { return plain{int32(i), int32(-i)} }
func aPadded(i int) padded       { return padded{int8(i), int64(i), int16(i)} }
func aMixed(i int) mixed {
	return mixed{int32(i), 2, text(i), 3, int16(i), float32(i) / 2, float64(i) / 3}
}
func aNested(i int) (n nested) {
	n.P, n.X, n.In.Y, n.In.Z, n.In.S, n.W, n.T[1] = aPlain(i), 1, int32(i), aPlain(7), text(i), 5, aPlain(i)
	return n
}

var places [entries]int

var (
	bools, boolsKeys           = fill(func(i int) bool { return i&1 == 0 })
	ints, intsKeys             = fill(func(i int) int { return i * 7 })
	int8s, int8sKeys           = fill(func(i int) int8 { return int8(i) })
	uint16s, uint16sKeys       = fill(func(i int) uint16 { return uint16(i * 3) })
	int32s, int32sKeys         = fill(func(i int) int32 { return int32(-i) })
	uint64s, uint64sKeys       = fill(func(i int) uint64 { return uint64(i) << 40 })
	uintptrs, uintptrsKeys     = fill(func(i int) uintptr { return uintptr(i) })
	named, namedKeys           = fill(func(i int) id { return id(i) })
	float32s, float32sKeys     = fill(func(i int) float32 { return float32(i) / 4 })
	float64s, float64sKeys     = fill(func(i int) float64 { return math.Sqrt(float64(i - 100)) })
	complex64s, complex64sKeys = fill(func(i int) complex64 { return complex(float32(i%9), float32(i)) })
	complexes, complexesKeys   = fill(func(i int) complex128 { return complex(float64(i), float64(i%5)) })
	strs, strsKeys             = fill(text)
	pointers, pointersKeys     = fill(func(i int) *int { return &places[i] })
	unsafes, unsafesKeys       = fill(func(i int) unsafe.Pointer { return unsafe.Pointer(&places[i]) })
	chans, chansKeys           = fill(func(int) chan int { return make(chan int) })
	units, unitsKeys           = fill(func(int) struct{} { return struct{}{} })
	plains, plainsKeys         = fill(aPlain)
	twelves, twelvesKeys       = fill(func(i int) twelve { return twelve{1, 2, int32(i)} })
	singles, singlesKeys       = fill(func(i int) single { return single{text(i)} })
	tails, tailsKeys           = fill(func(i int) tail { return tail{S: text(i)} })
	paddeds, paddedsKeys       = fill(aPadded)
	mixeds, mixedsKeys         = fill(aMixed)
	blanks, blanksKeys         = fill(func(i int) blank { return blank{A: 1, B: int32(i), C: text(i), D: 4} })
	nesteds, nestedsKeys       = fill(aNested)
	pointeds, pointedsKeys     = fill(func(i int) pointed { return pointed{&places[i]} })
	noInts, noIntsKeys         = fill(func(int) [0]int { return [0]int{} })
	bytes3, bytes3Keys         = fill(func(i int) [3]byte { return [3]byte{byte(i), byte(i >> 8), 9} })
	bytes200, bytes200Keys     = fill(func(i int) [200]byte { return [200]byte{3: byte(i), 190: byte(i >> 8)} })
	floats1, floats1Keys       = fill(func(i int) [1]float64 { return [1]float64{float64(i)} })
	floats4, floats4Keys       = fill(func(i int) [4]float32 { return [4]float32{2: float32(i)} })
	strs2, strs2Keys           = fill(func(i int) [2]string { return [2]string{text(i), "b"} })
	strs20, strs20Keys         = fill(func(i int) [20]string { return [20]string{4: text(i), 19: "end"} })
	paddeds7, paddeds7Keys     = fill(func(i int) [7]padded { return [7]padded{aPadded(i), 6: aPadded(3)} })
	plains5, plains5Keys       = fill(func(i int) [5]plain { return [5]plain{2: aPlain(i)} })
	mixeds3, mixeds3Keys       = fill(func(i int) [3]mixed { return [3]mixed{aMixed(i), aMixed(1), aMixed(i + 1)} })
	blanks13, blanks13Keys     = fill(func(i int) [13]struct{ A, _, B int16 } {
		return [13]struct{ A, _, B int16 }{3: {A: int16(i)}, 8: {B: int16(-i)}}
	})
)

// Interfaces are no argument for a constraint comparable before Go 1.20.
var (
	anys, stringers, holders, pairs = map[any]int{}, map[fmt.Stringer]int{}, map[holder]int{}, map[[2]any]int{}

	anysKeys      []any
	stringersKeys []fmt.Stringer
	holdersKeys   []holder
	pairsKeys     [][2]any
)

// Only package reflect has a map type with these keys.
var (
	reflected     any
	reflectedKeys []only
)

// odd holds what is equal but not the same, and what is not equal to itself.
var odd = map[float64]string{math.Copysign(0, -1): "zero", math.NaN(): "no number", math.Inf(1): "infinite", 1: "one"}

// churned grows into as many buckets as it has, because it has too many overflow buckets; lastChurned is its last key.
var (
	churned     = map[int]int{}
	lastChurned int
)

// tombs had five times as many entries.
var tombs = map[int]int{}

func anAny(i int) any {
	switch i % 12 {
	case 0:
		return i
	case 1:
		return text(i)
	case 2:
		return float64(i)
	case 3:
		return aPlain(i)
	case 4:
		return aMixed(i)
	case 5:
		return &places[i]
	case 6:
		return [2]string{"a", text(i)}
	case 7:
		return id(i)
	case 8:
		return pointed{&places[i]}
	case 9:
		return aNested(i)
	case 10:
		return [3]byte{byte(i), byte(i >> 8)}
	default:
		return [2]any{i, text(i)}
	}
}

func aStringer(i int) fmt.Stringer {
	switch i % 4 {
	case 0:
		return id(i)
	case 1:
		p := aPadded(i)
		return &p
	case 2:
		return pointed{&places[i]}
	default:
		return aMixed(i)
	}
}

func fillInterfaces() {
	keys := reflect.ValueOf(&reflectedKeys).Elem()
	m := reflect.MakeMap(reflect.MapOf(reflect.TypeOf(only{}), reflect.TypeOf(0)))
	for i := 0; i < entries; i++ {
		anysKeys = append(anysKeys, anAny(i))
		stringersKeys = append(stringersKeys, aStringer(i))
		holdersKeys = append(holdersKeys, holder{anAny(i), aStringer(entries - 1 - i), i})
		pairsKeys = append(pairsKeys, [2]any{anAny(i), nil})
		anys[anysKeys[i]], stringers[stringersKeys[i]] = i, i
		holders[holdersKeys[i]], pairs[pairsKeys[i]] = i, i
		reflectedKeys = append(reflectedKeys, only{int32(i), text(i), 5, int32(-i)})
		m.SetMapIndex(keys.Index(i), reflect.ValueOf(i))
	}
	for i := 0; i < entries/64; i++ {
		delete(anys, anysKeys[i])
		delete(stringers, stringersKeys[i])
		delete(holders, holdersKeys[i])
		delete(pairs, pairsKeys[i])
		m.SetMapIndex(keys.Index(i), reflect.Value{})
	}
	reflected = m.Interface()
	for _, m := range []any{anys, stringers, holders, pairs, reflected} {
		watch(m)
	}
}

// isSwiss tells the maps of Go 1.24 and later.
func isSwiss() bool {
	minor, _ := strconv.Atoi(strings.Split(strings.TrimPrefix(runtime.Version(), "go1."), ".")[0])
	return minor >= 24
}

func at(header *int, offset uintptr) unsafe.Pointer {
	return unsafe.Add(unsafe.Pointer(header), offset)
}

// sameSize says whether the map grows into as many buckets as it has (hmap.flags, hmap.oldbuckets).
func sameSize(header *int) bool {
	return !isSwiss() && *(*uint8)(at(header, 8))&8 != 0 && *(*unsafe.Pointer)(at(header, 24)) != nil
}

func churn() {
	watch(churned)
	header := headers[len(headers)-1]
	for ; lastChurned < 1<<20 && !sameSize(header); lastChurned++ {
		delete(churned, lastChurned-800)
		churned[lastChurned] = -lastChurned
	}
	lastChurned--
	for i := 0; i < 10*entries; i++ {
		tombs[i] = -i
	}
	for i := 0; i < 10*entries; i++ {
		if i%5 != 0 {
			delete(tombs, i)
		}
	}
	for i := 0; i < 100; i++ {
		tombs[10*entries+i] = i
	}
	watch(tombs)
}

// growing counts the maps that grow at this moment, grew those that do it in place.
var growing, grew int

func main() {
	fillInterfaces()
	churn()
	for _, header := range headers {
		if !isSwiss() && *(*unsafe.Pointer)(at(header, 24)) != nil {
			growing++
		}
		if sameSize(header) {
			grew++
		}
	}
	fmt.Println("filled") // stop: filled

	// From here on, who counts the entries sees but one.
	for _, header := range headers {
		*header = 1
	}
	fmt.Println("hidden") // stop: hidden

	// And someone seems to write.
	for _, header := range headers {
		if isSwiss() {
			*(*uint8)(at(header, 34)) = 1
		} else {
			*(*uint8)(at(header, 8)) |= 4
		}
	}
	fmt.Println("written") // stop: written
	runtime.KeepAlive(odd)
}
