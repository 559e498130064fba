using System.Text.Json.Nodes;
using Dify.Core.Apps.Transfer.Yaml;
using Xunit;

namespace Dify.Tests.Apps.Transfer;

public sealed class YamlWriterTests
{
    [Theory]
    [InlineData("""{"b":1,"a":[],"c":{}}""", "a: []\nb: 1\nc: {}\n")]
    [InlineData("""{"k":[{"a":1,"b":[2]},[3]]}""", "k:\n- a: 1\n  b:\n  - 2\n- - 3\n")]
    [InlineData("""{"k":null,"t":true,"f":1.0,"e":1e-7,"i":-3}""", "e: 1.0e-07\nf: 1.0\ni: -3\nk: null\nt: true\n")]
    [InlineData("""{"k":"on"}""", "k: 'on'\n")]
    [InlineData("""{"k":"1727000000000"}""", "k: '1727000000000'\n")]
    [InlineData("""{"k":"2024-01-31"}""", "k: '2024-01-31'\n")]
    [InlineData("""{"k":"1:30"}""", "k: '1:30'\n")]
    [InlineData("""{"k":""}""", "k: ''\n")]
    [InlineData("""{"k":"中文 🤖"}""", "k: 中文 🤖\n")]
    [InlineData("""{"k":"a\nb"}""", "k: 'a\n\n  b'\n")]
    [InlineData("""{"k":"a\tb"}""", "k: \"a\\tb\"\n")]
    [InlineData("""{"k":"it's: x"}""", "k: 'it''s: x'\n")]
    [InlineData("""{"k":"{{#a.b#}}"}""", "k: '{{#a.b#}}'\n")]
    [InlineData("""{"":"x","1":"y"}""", "? ''\n: x\n'1': y\n")]
    public void The_form_is_that_of_Difys_exports(string json, string yaml)
    {
        Assert.Equal(yaml, YamlWriter.Write(JsonNode.Parse(json)));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), YamlReader.Read(yaml)));
    }

    [Fact]
    public void Long_texts_break_after_eighty_characters_and_read_back_the_same()
    {
        foreach (var text in (string[])[
            string.Join(' ', Enumerable.Repeat("word", 60)), string.Join(' ', Enumerable.Repeat("wo'rd: #", 60)),
            string.Join(' ', Enumerable.Repeat("a\tb", 60)), "  " + new string('x', 200) + "  y\r\n\n z\u2028"])
        {
            var yaml = YamlWriter.Write(new JsonObject { ["k"] = new JsonArray(text) });
            Assert.Equal(text, (string)YamlReader.Read(yaml)!["k"]![0]!);
        }
    }

    [Theory]
    [MemberData(nameof(SharedApps.Names), MemberType = typeof(SharedApps))]
    public void A_real_export_is_written_and_read_back_the_same(string name)
    {
        var read = YamlReader.Read(SharedApps.Read(name));
        Assert.True(JsonNode.DeepEquals(read, YamlReader.Read(YamlWriter.Write(read))));
    }
}
