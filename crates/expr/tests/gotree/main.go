// Reads quoted Go strings from standard input, one a line, parses each as an expression, and answers with a line
// for each: the tree, what go/printer makes of it, or the errors.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"strconv"
)

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<26)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		text, err := strconv.Unquote(in.Text())
		if err != nil {
			panic(err)
		}
		x, err := parser.ParseExpr(text)
		if err != nil {
			fmt.Fprintf(out, "error\t%q\n", err.Error())
			continue
		}
		var tree, print bytes.Buffer
		write(&tree, x)
		if err := printer.Fprint(&print, token.NewFileSet(), x); err != nil {
			panic(err)
		}
		fmt.Fprintf(out, "tree\t%q\t%q\n", tree.String(), print.String())
	}
}

func list(b *bytes.Buffer, xs []ast.Expr) {
	b.WriteString(" [")
	for i, x := range xs {
		if i > 0 {
			b.WriteString(" ")
		}
		write(b, x)
	}
	b.WriteString("]")
}

func fields(b *bytes.Buffer, l *ast.FieldList) {
	b.WriteString(" [")
	if l != nil {
		for i, f := range l.List {
			if i > 0 {
				b.WriteString(" ")
			}
			b.WriteString("(field")
			for _, n := range f.Names {
				b.WriteString(" " + n.Name)
			}
			b.WriteString(" ")
			write(b, f.Type)
			if f.Tag != nil {
				b.WriteString(" " + f.Tag.Value)
			}
			b.WriteString(")")
		}
	}
	b.WriteString("]")
}

func write(b *bytes.Buffer, x ast.Expr) {
	if x == nil {
		b.WriteString("nil")
		return
	}
	fmt.Fprintf(b, "(%T", x)
	sub := func(xs ...ast.Expr) {
		for _, x := range xs {
			b.WriteString(" ")
			write(b, x)
		}
	}
	switch x := x.(type) {
	case *ast.Ident:
		b.WriteString(" " + x.Name)
	case *ast.BasicLit:
		b.WriteString(" " + x.Kind.String() + " " + x.Value)
	case *ast.CompositeLit:
		sub(x.Type)
		list(b, x.Elts)
	case *ast.KeyValueExpr:
		sub(x.Key, x.Value)
	case *ast.FuncLit:
		sub(x.Type)
	case *ast.ParenExpr:
		sub(x.X)
	case *ast.SelectorExpr:
		sub(x.X)
		b.WriteString(" " + x.Sel.Name)
	case *ast.IndexExpr:
		sub(x.X)
		list(b, []ast.Expr{x.Index})
	case *ast.IndexListExpr:
		sub(x.X)
		list(b, x.Indices)
	case *ast.SliceExpr:
		sub(x.X, x.Low, x.High, x.Max)
	case *ast.TypeAssertExpr:
		sub(x.X, x.Type)
	case *ast.CallExpr:
		sub(x.Fun)
		list(b, x.Args)
		fmt.Fprintf(b, " %v", x.Ellipsis.IsValid())
	case *ast.StarExpr:
		sub(x.X)
	case *ast.UnaryExpr:
		b.WriteString(" " + x.Op.String())
		sub(x.X)
	case *ast.BinaryExpr:
		b.WriteString(" " + x.Op.String())
		sub(x.X, x.Y)
	case *ast.Ellipsis:
		sub(x.Elt)
	case *ast.ArrayType:
		sub(x.Len, x.Elt)
	case *ast.StructType:
		fields(b, x.Fields)
	case *ast.FuncType:
		fields(b, x.Params)
		fields(b, x.Results)
	case *ast.InterfaceType:
		fields(b, x.Methods)
	case *ast.MapType:
		sub(x.Key, x.Value)
	case *ast.ChanType:
		fmt.Fprintf(b, " %d", x.Dir)
		sub(x.Value)
	}
	fmt.Fprintf(b, " %d-%d)", x.Pos(), x.End())
}
