# Joins the lines "name median_us min_us" of files named VARIANT.ROUND.txt into a table, and says what follows from it.
function median(text,    parts, count, i, j, swap) {
    count = split(text, parts, " ")
    for (i = 2; i <= count; i++)
        for (j = i; j > 1 && parts[j - 1] + 0 > parts[j] + 0; j--) { swap = parts[j]; parts[j] = parts[j - 1]; parts[j - 1] = swap }
    return count % 2 ? parts[(count + 1) / 2] : (parts[count / 2] + parts[count / 2 + 1]) / 2
}
function has(variant, name) { return (variant, name) in medians }
function both(variant, name) { return has(variant, name) ? sprintf("%.1f / %.1f", median(medians[variant, name]), lowest[variant, name]) : "-" }

FNR == 1 { split(FILENAME, path, "."); variant = path[1] }
/^#/ || $1 == "name" || NF != 3 { next }
{
    if (!($1 in seen)) { seen[$1] = 1; names[++nameCount] = $1 }
    medians[variant, $1] = medians[variant, $1] " " $2
    if (!((variant, $1) in lowest) || $3 + 0 < lowest[variant, $1]) lowest[variant, $1] = $3 + 0
}

END {
    variantCount = split(order, variants, " ")
    printf "%-30s", ""
    for (v = 1; v <= variantCount; v++) printf " %19s", variants[v]
    print ""
    for (n = 1; n <= nameCount; n++) {
        printf "%-30s", names[n]
        for (v = 1; v <= variantCount; v++) printf " %19s", both(variants[v], names[n])
        print ""
    }
    print ""
    for (n = 1; n <= nameCount; n++) {
        name = names[n]
        if (name !~ /^step\//) continue
        if (has("csharp", name) && has("python", name))
            printf "%s: C# takes %.2f of Python's time by medians, %.2f by minima\n", name, median(medians["csharp", name]) / median(medians["python", name]), lowest["csharp", name] / lowest["python", name]
        if (has("csharp", name) && has("native", name))
            printf "%s: C# spends %.0f us (by minima %.0f us) outside libtorch, its time less that of the same operations in C++: %.0f%% (%.0f%%) of the step\n", name, median(medians["csharp", name]) - median(medians["native", name]), lowest["csharp", name] - lowest["native", name], 100 - 100 * median(medians["native", name]) / median(medians["csharp", name]), 100 - 100 * lowest["native", name] / lowest["csharp", name]
    }
    for (v = 1; v <= variantCount; v++) {
        if (!has(variants[v], "part/dualupdate")) continue
        whole = 0; least = 0
        for (n = 1; n <= nameCount; n++)
            if (names[n] ~ /^part\//) { whole += median(medians[variants[v], names[n]]); least += lowest[variants[v], names[n]] }
        dual = median(medians[variants[v], "part/lagrangian"]) + median(medians[variants[v], "part/dualupdate"])
        least_dual = lowest[variants[v], "part/lagrangian"] + lowest[variants[v], "part/dualupdate"]
        if (variants[v] != "native")
            printf "dual part (Lagrangian and update) in %s: %.1f us (by minima %.1f us), %.1f%% (%.1f%%) of the parts of the step\n", variants[v], dual, least_dual, 100 * dual / whole, 100 * least_dual / least
    }
}
