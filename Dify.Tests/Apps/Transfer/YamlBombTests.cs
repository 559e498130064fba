using System.Text;
using Dify.Core.Apps.Transfer.Yaml;
using Dify.Core.Common;
using Dify.Tests.Support;
using Xunit;

namespace Dify.Tests.Apps.Transfer;

[Collection(AloneCollection.Name)]
public sealed class YamlBombTests
{
    /// <summary>Of processor time, as other programs may keep this one waiting.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    public static TheoryData<string> Bombs => ["laughs", "merges", "deep flow", "deep block", "deep indent", "keys", "list", "long alias", "open quote"];

    [Theory]
    [MemberData(nameof(Bombs))]
    public void A_bomb_is_refused_before_it_takes_time_or_memory(string kind)
    {
        var yaml = Bomb(kind);
        var best = TimeSpan.MaxValue;
        for (var attempt = 0; attempt < 3 && best >= Limit; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var began = Environment.CpuUsage.TotalTime;
            Assert.Throws<DifyException>(() => YamlReader.Read(yaml));
            var took = Environment.CpuUsage.TotalTime - began;
            best = took < best ? took : best;
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200L << 20);
        }

        Assert.True(best < Limit, $"{kind}: {best}");
    }

    private static string Bomb(string kind)
    {
        const int size = 10 * 1024 * 1024;
        return kind switch
        {
            "laughs" => "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(1, 40)
                .Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n")),
            "merges" => "a0: &a0 {x: 1}\n" + string.Concat(Enumerable.Range(1, 40)
                .Select(i => $"a{i}: &a{i}\n  <<: [*a{i - 1}, *a{i - 1}]\n  k{i}: *a{i - 1}\n")),
            "deep flow" => new string('[', size),
            "deep block" => string.Concat(Enumerable.Repeat("- ", size / 2)),
            "deep indent" => DeepIndent(size),
            "keys" => string.Concat(Enumerable.Range(0, size / 12).Select(i => $"k{i:0000000}: 1\n")),
            "list" => "[" + string.Concat(Enumerable.Repeat("1,", size / 2)) + "]",
            "long alias" => "a: &a " + new string('x', 1_000_000) + "\nb: [" + string.Concat(Enumerable.Repeat("*a,", 1000)) + "]",
            _ => "a: \"" + new string('x', size),
        };
    }

    private static string DeepIndent(int size)
    {
        var yaml = new StringBuilder();
        for (var level = 0; yaml.Length < size; level++)
        {
            yaml.Append(' ', level).Append("a:\n");
        }

        return yaml.ToString();
    }
}
