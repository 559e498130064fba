using Dify.Core.Apps;
using Dify.Core.Apps.Transfer;
using Dify.Core.Common;
using Xunit;

namespace Dify.Tests.Apps.Transfer;

public sealed class AppFileReaderTests
{
    private const string Smallest = "app: {mode: workflow, name: 12}\nworkflow: {graph: {nodes: []}}\n";

    [Fact]
    public void The_smallest_file_is_an_app_of_the_oldest_version()
    {
        var file = AppFileReader.Read(Smallest);
        Assert.Equal((AppMode.Workflow, "0.1.0", ImportStatus.CompletedWithWarnings, "12"), (file.Mode, file.Version, file.Status, file.Text("name")));
    }

    [Fact]
    public void The_answer_of_an_export_is_unwrapped()
    {
        var wrapped = System.Text.Json.JsonSerializer.Serialize(new { data = Smallest });
        Assert.Equal("12", AppFileReader.Read(wrapped).Text("name"));
        Assert.Equal("12", AppFileReader.Read("\uFEFF" + wrapped).Text("name"));
        Assert.Equal("12", AppFileReader.Read("data: |\n  " + Smallest.Replace("\n", "\n  ", StringComparison.Ordinal)).Text("name"));
    }

    [Theory]
    [InlineData("", "Invalid YAML format: content must be a mapping")]
    [InlineData("just words", "Invalid YAML format: content must be a mapping")]
    [InlineData("<!DOCTYPE html><html><body>x</body></html>", "Invalid YAML format: content must be a mapping")]
    [InlineData("- a", "Invalid YAML format: content must be a mapping")]
    [InlineData("version: 0.5\napp: {mode: chat}", "Invalid version type, expected str, got <class 'float'>")]
    [InlineData("version: abc\napp: {mode: chat}", "Invalid version: 'abc'")]
    [InlineData("services: {web: {image: x}}", "Missing app data in YAML content. This file is a compose file, not an app.")]
    [InlineData("kind: rag_pipeline\nversion: 0.1.0\nrag_pipeline: {name: x}\nworkflow: {}", "Missing app data in YAML content. This file is a knowledge pipeline (rag_pipeline), not an app.")]
    [InlineData("app: {name: x}", "loss app mode")]
    [InlineData("app: {mode: agent}", "Invalid app mode")]
    [InlineData("app: {mode: rag-pipeline}", "Invalid app mode")]
    [InlineData("app: {mode: robot}", "'robot' is not a valid AppMode")]
    [InlineData("app: {mode: workflow}", "Missing workflow data for workflow/advanced chat app")]
    [InlineData("app: {mode: workflow}\nworkflow: []", "Missing workflow data for workflow/advanced chat app")]
    [InlineData("app: {mode: chat}\nworkflow: {graph: {}}", "Missing model_config for chat/agent-chat/completion app")]
    public void What_is_no_app_is_refused_in_Difys_words(string text, string message) =>
        Assert.Equal(message, Assert.Throws<DifyException>(() => AppFileReader.Read(text)).Message);

    [Fact]
    public void A_file_above_ten_megabytes_is_refused_unread() =>
        Assert.Equal("File size exceeds the limit of 10MB", Assert.Throws<DifyException>(() => AppFileReader.Read(new string(' ', 11 << 20))).Message);

    [Fact]
    public void Bytes_that_are_no_text_are_told_as_such()
    {
        Assert.Contains("UTF-8", Assert.Throws<DifyException>(() => AppFileSource.Decode(new byte[] { 0x89, 0x50, 0x4E, 0x47, 0xFF })).Message, StringComparison.Ordinal);
        Assert.Equal("a: é", AppFileSource.Decode(new byte[] { 0xEF, 0xBB, 0xBF, 0x61, 0x3A, 0x20, 0xC3, 0xA9 }));
        Assert.Equal("ab", AppFileSource.Decode(new byte[] { 0xFF, 0xFE, 0x61, 0, 0x62, 0 }));
    }

    [Theory]
    [InlineData("https://github.com/o/r/blob/main/a%20b/x.yml", "https://raw.githubusercontent.com/o/r/main/a%20b/x.yml")]
    [InlineData("https://github.com/o/r/blob/main/x.txt", "https://github.com/o/r/blob/main/x.txt")]
    [InlineData("https://github.com.evil.example/o/r/blob/main/x.yml", "https://github.com.evil.example/o/r/blob/main/x.yml")]
    [InlineData("https://example.com/blob/x.yml", "https://example.com/blob/x.yml")]
    public void The_page_of_a_file_on_GitHub_leads_to_the_file(string page, string file) =>
        Assert.Equal(file, AppFileSource.ToFile(new Uri(page)).AbsoluteUri);
}
