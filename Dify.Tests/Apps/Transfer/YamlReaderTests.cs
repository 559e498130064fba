using System.Text.Json.Nodes;
using Dify.Core.Apps.Transfer.Yaml;
using Dify.Core.Common;
using Xunit;

namespace Dify.Tests.Apps.Transfer;

public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("yes", "true")]
    [InlineData("Off", "false")]
    [InlineData("y", "\"y\"")]
    [InlineData("~", "null")]
    [InlineData("", "null")]
    [InlineData("NULL", "null")]
    [InlineData("nUll", "\"nUll\"")]
    [InlineData("012", "10")]
    [InlineData("08", "\"08\"")]
    [InlineData("0x1F", "31")]
    [InlineData("-0b101", "-5")]
    [InlineData("1_000", "1000")]
    [InlineData("1:30", "90")]
    [InlineData("190:20:30.15", "685230.15")]
    [InlineData("1727000000000", "1727000000000")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("1.0", "1.0")]
    [InlineData("1e5", "\"1e5\"")]
    [InlineData("1.0e+5", "100000.0")]
    [InlineData("1.0e5", "\"1.0e5\"")]
    [InlineData(".5", "0.5")]
    [InlineData("+.5", "\"+.5\"")]
    [InlineData("1.0e-7", "1e-07")]
    [InlineData(".inf", "\".inf\"")]
    [InlineData("2024-01-31", "\"2024-01-31\"")]
    [InlineData("'1727'", "\"1727\"")]
    [InlineData("\"on\"", "\"on\"")]
    [InlineData("!!str 12", "\"12\"")]
    [InlineData("!!float 1", "1.0")]
    [InlineData("[1, on, 'on']", "[1,true,\"on\"]")]
    [InlineData("a:b", "\"a:b\"")]
    [InlineData("\"\\U0001F916\"", "\"🤖\"")]
    public void A_scalar_is_what_PyYAML_makes_of_it(string yaml, string json) =>
        Assert.Equal(JsonNode.Parse(json)?.ToJsonString(), YamlReader.Read($"k: {yaml}\n")!["k"]?.ToJsonString());

    [Theory]
    [InlineData("1: a\ntrue: b\n~: c\n1.5: d", """{"1":"a","true":"b","null":"c","1.5":"d"}""")]
    [InlineData("a: 1\nb: 2\na: 3", """{"a":3,"b":2}""")]
    [InlineData("x: &x {a: 1, b: 2}\ny: *x\nz:\n  <<: *x\n  b: 3", """{"x":{"a":1,"b":2},"y":{"a":1,"b":2},"z":{"a":1,"b":3}}""")]
    [InlineData("<<: [{a: 1}, {a: 2, b: 2}]", """{"a":1,"b":2}""")]
    [InlineData("k: |\n  a\r\n  b\n", """{"k":"a\nb\n"}""")]
    public void Keys_anchors_merges_and_blocks_are_read_as_PyYAML_does(string yaml, string json) =>
        Assert.Equal(json, YamlReader.Read(yaml)!.ToJsonString(JsonDefaults.Wire));

    [Theory]
    [InlineData("a: !!python/object:os.system ls")]
    [InlineData("a: !custom x")]
    [InlineData("a: &a [*a]")]
    [InlineData("a: *b")]
    [InlineData("--- a\n--- b\n")]
    [InlineData("[a]: b")]
    [InlineData("a: [")]
    [InlineData("a: b: c")]
    [InlineData("a: \u0001")]
    [InlineData("PK\u0003\u0004\0\0")]
    public void What_a_safe_loader_refuses_is_refused(string yaml) =>
        Assert.StartsWith("Invalid YAML format: ", Assert.Throws<DifyException>(() => YamlReader.Read(yaml)).Message, StringComparison.Ordinal);

    [Fact]
    public void JSON_keeps_its_characters_and_its_numbers()
    {
        var file = Core.Apps.Transfer.AppFileReader.Read(
            """{"app":{"mode":"workflow","name":"\ud83e\udd16\/"},"workflow":{"graph":{"nodes":[],"edges":[],"x":1.0}}}""");
        Assert.Equal(("🤖/", "1.0"), (file.Text("name"), file.Body["graph"]!["x"]!.ToJsonString()));
    }
}
