namespace Yolact.Edge.Configuration.Remote;

/// <summary>
/// The order of documents' versions: runs of digits count as numbers, everything else by its code. So 9 comes before 10, 1.9 before 1.10,
/// and 2026-11-09 before 2026-11-10.
/// </summary>
public static class DocumentVersion
{
    /// <summary>Compares two versions.</summary>
    /// <param name="a">One.</param>
    /// <param name="b">The other.</param>
    /// <returns>Less than 0 where <paramref name="a"/> is older, 0 where they are the same, more than 0 where it is newer.</returns>
    public static int Compare(string a, string b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        int i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            int order;
            if (char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j]))
            {
                ReadOnlySpan<char> first = Digits(a, ref i), second = Digits(b, ref j);
                order = first.Length != second.Length ? first.Length.CompareTo(second.Length) : first.SequenceCompareTo(second);
            }
            else
            {
                order = a[i++].CompareTo(b[j++]);
            }
            if (order != 0)
                return order;
        }
        int rest = (a.Length - i).CompareTo(b.Length - j);
        // 007 and 7 are one number but two versions.
        return rest != 0 ? rest : string.CompareOrdinal(a, b);
    }

    private static ReadOnlySpan<char> Digits(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;
        return text.AsSpan(start, at - start).TrimStart('0');
    }
}
