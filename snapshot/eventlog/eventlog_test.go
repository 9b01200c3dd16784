package eventlog

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/iisdoctor/iisdoctor/source"
)

const (
	crashed  = "A process serving application pool 'ShopPool' terminated unexpectedly. The process id was '2136'. The process exit code was '0xc0000005'."
	disabled = "Application pool 'ShopPool' is being automatically disabled due to a series of failures in the process(es) serving that application pool."
)

// at is a place whose columns the test does not look at.
func at(line int) source.Pos { return source.Pos{File: "log", Line: line} }

// exports are the forms in which administrators hand over a log. The events are
// invented; headers and layout are those of the programs named.
var exports = []struct {
	name   string
	text   string
	format Format
	others int
	events []Event
}{
	{
		name: "eventquery.vbs /fo csv /v",
		text: "Microsoft (R) Windows Script Host Version 5.6\r\nCopyright (C) Microsoft Corporation 1996-2001. All rights reserved.\r\n\r\n\r\n" +
			strings.Repeat("-", 78) + "\r\nListing the events in 'system' log of host 'WEB01'\r\n" + strings.Repeat("-", 78) + "\r\n" +
			`"Type","Event","Date Time","Source","ComputerName","Category","User","Description"` + "\r\n" +
			`"Error","1002","3/18/2006 10:15:30 AM","W3SVC","WEB01","None","N/A","` + disabled + `"` + "\r\n" +
			`"Information","7036","3/18/2006 10:15:29 AM","Service Control Manager","WEB01","None","N/A","The ""X"" service entered the running state."` + "\r\n" +
			`"Warning","1009","3/18/2006 10:15:28 AM","W3SVC","WEB01","None","N/A","` + crashed + `"` + "\r\n" +
			"\r\nListing the events in 'application' log of host 'WEB01'\r\n" +
			`"Type","Event","Date Time","Source","ComputerName","Category","User","Description"` + "\r\n" +
			`"Error","2214","3/18/2006 10:15:27 AM","W3SVC-WP","WEB01","None","N/A","The HTTP filter DLL C:\filters\auth.dll failed to load. The data is the error."` + "\r\n",
		format: CSV, others: 1,
		events: []Event{
			{Source: W3SVC, Provider: "W3SVC", ID: 1002, Level: "Error", Log: "system", Time: Time{Text: "3/18/2006 10:15:30 AM"}, Message: disabled, Subject: Subject{Pool, "ShopPool"}, Pos: at(9)},
			{Source: W3SVC, Provider: "W3SVC", ID: 1009, Level: "Warning", Log: "system", Time: Time{Text: "3/18/2006 10:15:28 AM"}, Message: crashed, Subject: Subject{Pool, "ShopPool"}, Pos: at(11)},
			{Source: W3SVCWP, Provider: "W3SVC-WP", ID: 2214, Level: "Error", Log: "application", Time: Time{Text: "3/18/2006 10:15:27 AM"}, Message: `The HTTP filter DLL C:\filters\auth.dll failed to load. The data is the error.`, Subject: Subject{Filter, `C:\filters\auth.dll`}, Pos: at(15)},
		},
	},
	{
		name:   "eventquery.vbs /fo csv without /v",
		text:   `"Type","Event","Date Time","Source","ComputerName","Category","User"` + "\r\n" + `"Error","1002","18.03.2006 10:15:30","W3SVC","WEB01","None","N/A"` + "\r\n",
		format: CSV,
		events: []Event{{Source: W3SVC, Provider: "W3SVC", ID: 1002, Level: "Error", Time: Time{Text: "18.03.2006 10:15:30", Zone: AsWritten}, Pos: at(2)}},
	},
	{
		name:   "eventquery.vbs /fo csv /nh",
		text:   `"Fehler","1002","18.03.2006 10:15:30","W3SVC","WEB01","Keine","N/A","` + disabled + `"` + "\r\n",
		format: CSV,
		events: []Event{{Source: W3SVC, Provider: "W3SVC", ID: 1002, Level: "Fehler", Time: Time{Text: "18.03.2006 10:15:30", Zone: AsWritten}, Message: disabled, Subject: Subject{Pool, "ShopPool"}, Pos: at(1)}},
	},
	{
		name: "Get-EventLog | Export-Csv",
		text: "#TYPE System.Diagnostics.EventLogEntry#system/W3SVC/2147484657\r\n" +
			`"EventID","MachineName","Data","Index","Category","CategoryNumber","EntryType","Message","Source","ReplacementStrings","InstanceId","TimeGenerated","TimeWritten","UserName","Site","Container"` + "\r\n" +
			`"1009","WEB01","System.Byte[]","41","(0)","0","Warning","A process serving application pool 'ShopPool' terminated` + "\r\n" + `unexpectedly. Say ""why"".","W3SVC","System.String[]","2147484657","2006/03/18 10:15:28","2006/03/18 10:15:28",,,` + "\r\n" +
			`"2268","WEB01","System.Byte[]","40","(0)","0","Error","Could not load all ISAPI filters for site '1'. Therefore site startup aborted.","W3SVC-WP","System.String[]","3221227740","2006/03/18 10:15:27","2006/03/18 10:15:27",,,` + "\r\n",
		format: CSV,
		events: []Event{
			{Source: W3SVC, Provider: "W3SVC", ID: 1009, Level: "Warning", Time: Time{Text: "2006/03/18 10:15:28", Zone: AsWritten}, Message: `A process serving application pool 'ShopPool' terminated unexpectedly. Say "why".`, Subject: Subject{Pool, "ShopPool"}, Pos: at(3)},
			{Source: W3SVCWP, Provider: "W3SVC-WP", ID: 2268, Level: "Error", Time: Time{Text: "2006/03/18 10:15:27", Zone: AsWritten}, Message: "Could not load all ISAPI filters for site '1'. Therefore site startup aborted.", Subject: Subject{Site, "1"}, Pos: at(5)},
		},
	},
	{
		name: "Get-WinEvent | Export-Csv, semicolons",
		text: "#TYPE System.Diagnostics.Eventing.Reader.EventLogRecord\r\n" +
			`"Message";"Id";"Version";"Qualifiers";"Level";"Task";"ProviderName";"LogName";"MachineName";"UserId";"TimeCreated";"LevelDisplayName"` + "\r\n" +
			`"Application pool 'A;B' is being automatically disabled due to a series of failures in the process(es) serving that application pool.";"5002";"0";"49152";"2";"0";"Microsoft-Windows-WAS";"System";"WEB02";;"18.03.2012 10:15:30";"Fehler"` + "\r\n",
		format: CSV,
		events: []Event{{Source: WAS, Provider: "Microsoft-Windows-WAS", ID: 5002, Level: "Fehler", Log: "System", Time: Time{Text: "18.03.2012 10:15:30", Zone: AsWritten}, Message: "Application pool 'A;B' is being automatically disabled due to a series of failures in the process(es) serving that application pool.", Subject: Subject{Pool, "A;B"}, Pos: at(3)}},
	},
	{
		name: "wevtutil qe /f:xml",
		text: `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='W3SVC'/><EventID Qualifiers='32768'>1009</EventID><Level>3</Level><Task>0</Task><Keywords>0x80000000000000</Keywords><TimeCreated SystemTime='2012-03-18T09:15:28.000000000Z'/><EventRecordID>41</EventRecordID><Channel>System</Channel><Computer>WEB02</Computer><Security/></System><EventData><Data>Shop &amp; Co</Data><Data>2136</Data><Data>c0000005</Data></EventData></Event>` + "\n" +
			`<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Service Control Manager' Guid='{0}' EventSourceName='Service Control Manager'/><EventID Qualifiers='16384'>7036</EventID><TimeCreated SystemTime='2012-03-18T09:15:29Z'/></System><EventData/></Event>` + "\n" +
			`<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-WAS' Guid='{524B5D04-133C-4A62-8362-64E8EDB9CE40}' EventSourceName='WAS'/><EventID Qualifiers='49152'>5074</EventID><Level>4</Level><TimeCreated SystemTime='2012-03-18T09:15:30.5Z'/><Channel>System</Channel></System><EventData><Data Name='ProcessID'>4711</Data><Data Name='AppPoolID'>ShopPool</Data></EventData></Event>`,
		format: XML, others: 1,
		events: []Event{
			{Source: W3SVC, Provider: "W3SVC", ID: 1009, Level: "Warning", Log: "System", Time: Time{Text: "2012-03-18T09:15:28.000000000Z", Zone: UTC}, Inserts: []string{"Shop & Co", "2136", "c0000005"}, Subject: Subject{Pool, "Shop & Co"}, Pos: at(1)},
			{Source: WAS, Provider: "Microsoft-Windows-WAS", ID: 5074, Level: "Information", Log: "System", Time: Time{Text: "2012-03-18T09:15:30.5Z", Zone: UTC}, Inserts: []string{"4711", "ShopPool"}, Subject: Subject{Pool, "ShopPool"}, Pos: at(3)},
		},
	},
	{
		name: "Event Viewer XML, rendered, prefixed",
		text: "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<!-- <Event> -->\r\n<e:Events xmlns:e=\"http://schemas.microsoft.com/win/2004/08/events/event\">\r\n <e:Event>\r\n  <e:System><e:Provider Name=\"Active Server Pages\"/><e:EventID Qualifiers=\"49152\">21</e:EventID><e:Level>2</e:Level><e:TimeCreated SystemTime=\"2012-03-18T09:15:28.000Z\"/><e:Channel>Application</e:Channel></e:System>\r\n" +
			"  <e:RenderingInfo Culture=\"en-US\"><e:Message><![CDATA[Failed to retrieve the anonymous user token for ASP application /LM/W3SVC/1/ROOT. Global.asa OnEnd routines will not be executed.]]></e:Message><e:Level>Error</e:Level></e:RenderingInfo>\r\n </e:Event>\r\n</e:Events>\r\n",
		format: XML,
		events: []Event{{Source: ASP, Provider: "Active Server Pages", ID: 21, Level: "Error", Log: "Application", Time: Time{Text: "2012-03-18T09:15:28.000Z", Zone: UTC}, Message: "Failed to retrieve the anonymous user token for ASP application /LM/W3SVC/1/ROOT. Global.asa OnEnd routines will not be executed.", Subject: Subject{Application, "/LM/W3SVC/1/ROOT"}, Pos: at(4)}},
	},
	{
		name: "wevtutil qe /f:text",
		text: "Event[0]:\r\n  Log Name: System\r\n  Source: W3SVC\r\n  Date: 2012-03-18T10:15:28.000\r\n  Event ID: 1009\r\n  Task: N/A\r\n  Level: Warning\r\n  Opcode: N/A\r\n  Keyword: Classic\r\n  User: N/A\r\n  User Name: N/A\r\n  Computer: WEB02\r\n  Description: \r\n" + crashed + "\r\nSource: this is a line of the message\r\n\r\n" +
			"Event[1]:\r\n  Log Name: Application\r\n  Source: ASP.NET 2.0.50727.0\r\n  Date: 2012-03-18T10:15:27.5000000Z\r\n  Event ID: 1062\r\n  Level: Error\r\n  Computer: WEB02\r\n  Description: \r\nIt is not possible to run two different versions of ASP.NET in the same IIS process.\r\n",
		format: Listed,
		events: []Event{
			{Source: W3SVC, Provider: "W3SVC", ID: 1009, Level: "Warning", Log: "System", Time: Time{Text: "2012-03-18T10:15:28.000", Zone: AsWritten}, Message: crashed + " Source: this is a line of the message", Subject: Subject{Pool, "ShopPool"}, Pos: at(1)},
			{Source: ASPNET, Provider: "ASP.NET 2.0.50727.0", ID: 1062, Level: "Error", Log: "Application", Time: Time{Text: "2012-03-18T10:15:27.5000000Z", Zone: UTC}, Message: "It is not possible to run two different versions of ASP.NET in the same IIS process.", Pos: at(17)},
		},
	},
	{
		name: "Get-EventLog | Format-List",
		text: "\r\n\r\nIndex              : 41\r\nEntryType          : Warning\r\nInstanceId         : 2147484657\r\nMessage            : A process serving application pool 'ShopPool' terminated\r\n                     unexpectedly. Source: none.\r\nCategory           : (0)\r\nCategoryNumber     : 0\r\nReplacementStrings : {ShopPool, 2136, c0000005}\r\nSource             : W3SVC\r\nTimeGenerated      : 3/18/2006 10:15:28 AM\r\nTimeWritten        : 3/18/2006 10:15:28 AM\r\nUserName           : \r\n\r\n" +
			"Index              : 40\r\nEntryType          : Information\r\nInstanceId         : 7036\r\nMessage            : x\r\nSource             : Service Control Manager\r\nTimeGenerated      : 3/18/2006 10:15:27 AM\r\n\r\n\r\n",
		format: Listed, others: 1,
		events: []Event{{Source: W3SVC, Provider: "W3SVC", ID: 1009, Level: "Warning", Time: Time{Text: "3/18/2006 10:15:28 AM"}, Message: "A process serving application pool 'ShopPool' terminated unexpectedly. Source: none.", Subject: Subject{Pool, "ShopPool"}, Pos: at(3)}},
	},
	{
		name:   "Get-WinEvent | Format-List *",
		text:   "\n\nMessage              : Application pool 'ShopPool' is being automatically disabled.\nId                   : 5002\nQualifiers           : 49152\nLevel                : 2\nProviderName         : Microsoft-Windows-WAS\nLogName              : System\nTimeCreated          : 18.03.2012 10:15:30\nLevelDisplayName     : Error\n\nMessage              : x\nId                   : 1\nProviderName         : other\nTimeCreated          : 18.03.2012 10:15:31\n",
		format: Listed, others: 1,
		events: []Event{{Source: WAS, Provider: "Microsoft-Windows-WAS", ID: 5002, Level: "Error", Log: "System", Time: Time{Text: "18.03.2012 10:15:30", Zone: AsWritten}, Message: "Application pool 'ShopPool' is being automatically disabled.", Subject: Subject{Pool, "ShopPool"}, Pos: at(3)}},
	},
	{
		name: "copied from Event Viewer of 2003",
		text: "Event Type:\tError\r\nEvent Source:\tW3SVC\r\nEvent Category:\tNone\r\nEvent ID:\t1059\r\nDate:\t\t3/18/2006\r\nTime:\t\t10:15:28 AM\r\nUser:\t\tN/A\r\nComputer:\tWEB01\r\n \r\nDescription:\r\nA failure was encountered while launching the process serving application pool 'ShopPool'. The application pool has been disabled.\r\n\r\nFor more information, see Help.\r\nData:\r\n0000: 05 00 07 80 \r\n\r\nEvent Type:\tInformation\r\nEvent Source:\tEventLog\r\nEvent ID:\t6005\r\nDate:\t\t3/18/2006\r\nTime:\t\t10:15:20 AM\r\nDescription:\r\nThe Event log service was started.\r\n",

		format: Listed, others: 1,
		events: []Event{{Source: W3SVC, Provider: "W3SVC", ID: 1059, Level: "Error", Time: Time{Text: "3/18/2006 10:15:28 AM"}, Message: "A failure was encountered while launching the process serving application pool 'ShopPool'. The application pool has been disabled. For more information, see Help. Data: 0000: 05 00 07 80", Subject: Subject{Pool, "ShopPool"}, Pos: at(1)}},
	},
	{
		name: "Event Viewer of 2003, saved as text",
		text: "3/18/2006\t10:15:30 AM\tW3SVC\tError\tNone\t1002\tN/A\tWEB01\t" + disabled + "\r\n" +
			"3/18/2006\t10:15:29 AM\tEventLog\tInformation\tNone\t6005\tN/A\tWEB01\tThe Event log service was started.\r\n" +
			"3/18/2006\t10:15:28 AM\tW3SVC\tWarning\tNone\t1009\tN/A\tWEB01\t\"A process serving application pool 'ShopPool' terminated unexpectedly.\r\n\r\nThe process id was '2136'.\"\r\n",
		format: Plain, others: 1,
		events: []Event{
			{Source: W3SVC, Provider: "W3SVC", ID: 1002, Level: "Error", Time: Time{Text: "3/18/2006 10:15:30 AM"}, Message: disabled, Subject: Subject{Pool, "ShopPool"}, Pos: at(1)},
			{Source: W3SVC, Provider: "W3SVC", ID: 1009, Level: "Warning", Time: Time{Text: "3/18/2006 10:15:28 AM"}, Message: "A process serving application pool 'ShopPool' terminated unexpectedly. The process id was '2136'.", Subject: Subject{Pool, "ShopPool"}, Pos: at(3)},
		},
	},
	{
		name:   "Event Viewer of 2003, saved as CSV",
		text:   "18.03.2006,10:15:30,W3SVC,Fehler,Keine,1012,Nicht zutreffend,WEB01,A process serving application pool 'ShopPool' exceeded time limits during start up, so to say.\r\n",
		format: Plain,
		events: []Event{{Source: W3SVC, Provider: "W3SVC", ID: 1012, Level: "Fehler", Time: Time{Text: "18.03.2006 10:15:30", Zone: AsWritten}, Message: "A process serving application pool 'ShopPool' exceeded time limits during start up, so to say.", Subject: Subject{Pool, "ShopPool"}, Pos: at(1)}},
	},
	{
		name:   "Event Viewer of 2008, tab separated; the message has no header",
		text:   "Level\tDate and Time\tSource\tEvent ID\tTask Category\r\nWarning\t3/18/2012 10:15:28 AM\tMicrosoft-Windows-WAS\t5010\tNone\t\"A process serving application pool 'ShopPool' failed to respond to a ping.\r\nThe process id was '2136'.\"\r\n",
		format: Tab,
		events: []Event{{Source: WAS, Provider: "Microsoft-Windows-WAS", ID: 5010, Level: "Warning", Time: Time{Text: "3/18/2012 10:15:28 AM"}, Message: "A process serving application pool 'ShopPool' failed to respond to a ping. The process id was '2136'.", Subject: Subject{Pool, "ShopPool"}, Pos: at(2)}},
	},
	{
		name:   "Event Viewer of 2012 in another language",
		text:   "Ebene,Datum und Uhrzeit,Quelle,Ereignis-ID,Aufgabenkategorie\r\nWarnung,18.03.2012 10:15:28,Microsoft-Windows-WAS,5010,Keine,Ein Prozess antwortete nicht.\r\n",
		format: CSV,
		events: []Event{{Source: WAS, Provider: "Microsoft-Windows-WAS", ID: 5010, Level: "Warnung", Time: Time{Text: "18.03.2012 10:15:28", Zone: AsWritten}, Message: "Ein Prozess antwortete nicht.", Pos: at(2)}},
	},
	{
		name:   "Log Parser",
		text:   "EventLog,RecordNumber,TimeGenerated,TimeWritten,EventID,EventType,EventTypeName,EventCategory,EventCategoryName,SourceName,Strings,ComputerName,SID,Message,Data\r\nSystem,41,2006-03-18 10:15:28,2006-03-18 10:15:28,1009,2,Warning event,0,None,W3SVC,ShopPool|2136|c0000005,WEB01,,\"" + crashed + "\",\r\n",
		format: CSV,
		events: []Event{{Source: W3SVC, Provider: "W3SVC", ID: 1009, Level: "Warning event", Log: "System", Time: Time{Text: "2006-03-18 10:15:28", Zone: AsWritten}, Message: crashed, Inserts: []string{"ShopPool", "2136", "c0000005"}, Subject: Subject{Pool, "ShopPool"}, Pos: at(2)}},
	},
}

// comparable leaves out what other tests look at.
var events = cmp.Options{
	cmpopts.IgnoreFields(Time{}, "When"), cmpopts.IgnoreUnexported(Time{}), cmpopts.IgnoreFields(source.Pos{}, "Column", "EndColumn"),
}

func wide(s string, big bool) string {
	out := []byte("\xFF\xFE")
	if big {
		out = []byte("\xFE\xFF")
	}
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			out = append(out, byte(u>>8), byte(u))
		} else {
			out = append(out, byte(u), byte(u>>8))
		}
	}
	return string(out)
}

// TestExports: every form gives the same kind of events, in every encoding.
func TestExports(t *testing.T) {
	for _, x := range exports {
		for encoding, text := range map[string]string{
			"UTF-8": x.text, "UTF-8 with mark": "\xEF\xBB\xBF" + x.text, "UTF-16LE": wide(x.text, false), "UTF-16BE": wide(x.text, true), "UTF-16LE without mark": wide(x.text, false)[2:],
			"LF": strings.ReplaceAll(x.text, "\r\n", "\n"),
		} {
			t.Run(x.name+"/"+encoding, func(t *testing.T) {
				var got []Event
				res, err := Read("log", strings.NewReader(text), func(e Event) { got = append(got, e) })
				if err != nil {
					t.Fatal(err)
				}
				if res.Format != x.format || res.Others != x.others || res.Events != len(x.events) || len(res.Problems) != 0 {
					t.Errorf("format %q, %d others, %d events, problems %v", res.Format, res.Others, res.Events, res.Problems)
				}
				if diff := cmp.Diff(x.events, got, events); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}
